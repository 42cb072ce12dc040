// Answers of a tracker that quotes the key it was given: as refusals, pages, redirects, headers, in every spelling.
import type { FaultKindInput } from '../../simulator/faults/fault.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** By a name each; `key` is what the tracker was asked with. */
export function quotingFaults(key: string): Record<string, FaultKindInput> {
  const status = (code: number, body: string, contentType = 'application/json', headers = {}): FaultKindInput => ({
    ...{ kind: 'status' as const, status: code, body, contentType, headers },
  });
  const error = (text: string): string => JSON.stringify({ error: text });
  return {
    'a 500 that says it': status(500, error(`no such key: ${key}`)),
    'a 500 that says it in capitals': status(500, error(`KEY ${key.toUpperCase()}`)),
    'a 502 as PHP writes JSON': status(502, error(`key ${key}`).replaceAll('/', '\\/')),
    'a 500 in base64 of the header': status(500, error(`Basic ${base64(`user:${key}`)} refused`)),
    'a 500 in base64url': status(500, error(Buffer.from(`x${key}`).toString('base64url'))),
    'a 500 in hex': status(500, error(`0x${Buffer.from(key).toString('hex')}`)),
    'a 500 in hex capitals': status(500, error(Buffer.from(key).toString('hex').toUpperCase())),
    'a 500 in a URL': status(500, error(`GET /admin_api/v1/x?api_key=${encodeURIComponent(key)}`)),
    'a 500 in a URL, escaped in whole': status(
      500,
      error(key.replaceAll(/./gs, (c) => `%${c.charCodeAt(0).toString(16)}`)),
    ),
    'a 500 in a form': status(500, error(new URLSearchParams({ key }).toString())),
    'a 500 in a nested message': status(
      500,
      JSON.stringify({ message: JSON.stringify({ headers: { 'Api-Key': key } }) }),
    ),
    'a 500 without JSON': status(500, `Fatal error: key ${key} in /var/www/api.php:12\nStack: ${key}`, 'text/plain'),
    'a 500 of many words': status(500, error(`${'.'.repeat(290)}${key}`)),
    'a web page': status(200, `<html><body>Api-Key: ${key}</body></html>`, 'text/html'),
    'a web page that is not found': status(404, `<html><body>${key}</body></html>`, 'text/html'),
    'a 200 with an error': status(200, error(`key ${key} is over its limit`)),
    'a 200 that breaks off': status(200, `{"rows":[{"sub_id":"${key}"`),
    'a 200 of a text': status(200, JSON.stringify(key)),
    'a 406 that names a field': status(406, JSON.stringify({ key: [`"${key}" is not right`] })),
    'a 400': status(400, error(`bad request by ${key}`)),
    'a redirect elsewhere': { kind: 'redirect', to: `http://elsewhere.test/?key=${encodeURIComponent(key)}` },
    'a redirect with user info': { kind: 'redirect', to: `http://${encodeURIComponent(key)}:x@127.0.0.1:1/` },
    headers: status(500, error('see the headers'), 'application/json', {
      'x-request-key': key,
      'set-cookie': `key=${encodeURIComponent(key)}`,
      'www-authenticate': `Key realm="${base64(key)}"`,
      'x-key-hex': Buffer.from(key).toString('hex'),
    }),
    'a 429 without a wait': status(429, error(`slow down, ${key}`), 'application/json', { 'retry-after': '1' }),
  };
}

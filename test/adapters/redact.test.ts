// No secret in what is written down: not in the recorded URL or error, in no spelling, and not in a tracker's own records.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { postbackWithoutKeys, redact, withoutSecrets } from '../../src/adapters/redact.ts';
import { answeredBy, json } from './wire.ts';

const CANARY = 'kEy/9+canary==~!é "q"';

/** Every way in which a server, a proxy or a library may write a secret back. */
const spellings = (secret: string): Record<string, string> => ({
  plain: secret,
  upperCase: secret.toUpperCase(),
  url: encodeURIComponent(secret),
  urlInLowerCase: encodeURIComponent(secret).toLowerCase(),
  form: new URLSearchParams({ k: secret }).toString().slice(2),
  json: JSON.stringify(secret),
  phpJson: JSON.stringify(secret).replaceAll('/', '\\/'),
  base64: Buffer.from(secret).toString('base64'),
  base64url: Buffer.from(secret).toString('base64url'),
  basic: Buffer.from(`user:${secret}`).toString('base64'),
  basicWithOne: Buffer.from(`u:${secret}:x`).toString('base64'),
  basicWithTwo: Buffer.from(`me:${secret}`).toString('base64'),
  hex: Buffer.from(secret).toString('hex'),
  hexInCapitals: Buffer.from(secret).toString('hex').toUpperCase(),
});

/** What of a spelling would give the secret away: its middle is enough. */
const core = (spelling: string): string => spelling.slice(6, -6);

test.each([
  ['a NUL', `no\u0000such user`, 'nosuch user'],
  ['an emoji at the cut', `${'x'.repeat(299)}😀`, `${'x'.repeat(299)}\ufffd…`],
  ['half a character', 'who\ud83d?', 'who\ufffd?'],
])('%s in what a tracker says leaves words that a database holds', async (_, said, told) => {
  const { error } = await answeredBy((_request, response) => json(response, { error: said }, 401), { secrets: [] });
  expect(error?.details.said).toBe(told);
});

describe('a secret that the tracker says back', () => {
  test.each(Object.entries(spellings(CANARY)))('%s is in no error and no record', async (_, spelling) => {
    const { error, calls } = await answeredBy(
      (_request, response) => json(response, { error: `Wrong key ${spelling} for this panel` }, 401),
      { secrets: [CANARY], headers: { 'Api-Key': 'x' } },
    );
    const written = JSON.stringify([error, error?.message, error?.stack, calls]);
    expect(written).toContain('Wrong key');
    expect(error?.details.said).not.toContain(core(spelling));
    expect(calls[0]!.error).not.toContain(core(spelling));
  });

  test('in the raw text of an answer that is not JSON', async () => {
    const { error } = await answeredBy(
      (_request, response) => response.writeHead(500).end(`trace: ${CANARY} ${encodeURIComponent(CANARY)}`),
      { secrets: [CANARY] },
    );
    expect(error?.details.said).toBe('trace: [redacted] [redacted]');
  });

  test('at the place where a long text is cut', () => {
    for (let at = 280; at < 310; at++) {
      const told = redact(`${'.'.repeat(at)}${CANARY}`, [CANARY], 300);
      expect(told).not.toContain(CANARY.slice(0, 5));
    }
  });

  test('several secrets, one within the other', () => {
    expect(redact('a=abcdefgh b=abcd c=ABCDEFGH', ['abcd', 'abcdefgh'])).not.toMatch(/abcd|efgh/i);
  });

  test('any secret, in any spelling', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 12, maxLength: 40, unit: 'grapheme-ascii' }), (secret) => {
        for (const spelling of Object.values(spellings(secret))) {
          expect(redact(`<<${spelling}>>`, [secret], 10_000)).not.toContain(`<<${spelling}>>`);
        }
      }),
    );
  });
});

describe('a key that travels in the query', () => {
  const call = (listener: Parameters<typeof answeredBy>[0], more: object = {}) =>
    answeredBy(listener, {
      path: `/report?${new URLSearchParams({ api_key: CANARY, day: '2026-03-01' })}`,
      ...{ secrets: [CANARY], secretParameters: ['api_key'] },
      ...more,
    });
  const isClean = (text: string): void => {
    for (const spelling of Object.values(spellings(CANARY))) expect(text).not.toContain(core(spelling));
  };

  test('is not in the recorded URL; the rest of it is', async () => {
    let asked = '';
    const { calls } = await call((request, response) => {
      asked = request.url ?? '';
      json(response, {});
    });
    expect(new URL(asked, 'http://x').searchParams.get('api_key')).toBe(CANARY);
    expect(calls[0]!.url).toMatch(/\/report\?api_key=redacted&day=2026-03-01$/);
  });

  test('is in no error of a socket that breaks, a redirect, or a time-out', async () => {
    const broken = await call((request) => request.socket.destroy());
    const redirected = await call((request, response) =>
      response.writeHead(302, { location: `http://elsewhere.test${request.url}` }).end(),
    );
    const silent = await call(() => {}, { options: { timeouts: { wholeMs: 100 } } });
    for (const { error, calls } of [broken, redirected, silent]) {
      expect(error).not.toBeNull();
      isClean(JSON.stringify([error, error?.message, error?.stack, String(error?.cause), calls]));
    }
  });
});

describe('a tracker’s records', () => {
  test('lose their tokens and keys at any depth, and nothing else', () => {
    const item = {
      id: 1,
      ...{ token: 't', api_key: 'k', apiKey: 'k', 'Api-Key': 'k', access_key: 'k', postback_key: 'p', password: 'p' },
      nested: [{ client_secret: 's', name: 'kept', keyword: 'kept' }],
      postback_statuses: ['lead', 'sale'],
    };
    expect(withoutSecrets(item)).toEqual({
      id: 1,
      nested: [{ name: 'kept', keyword: 'kept' }],
      postback_statuses: ['lead', 'sale'],
    });
  });

  test('lose the keys of postback addresses wherever they stand', () => {
    const address = 'https://me:pw@s2s.example/ab12cd34/postback?cid={sub_id}&key=0123abcd&s={status}';
    const clean = 'https://s2s.example/[redacted]/postback?cid={sub_id}&key=[redacted]&s={status}';
    const item = { postback_url: address, s2s_postback: address, postbacks: [{ method: 'GET', url: address }] };
    expect(withoutSecrets(item)).toEqual({
      ...{ postback_url: clean, s2s_postback: clean },
      postbacks: [{ method: 'GET', url: clean }],
    });
  });

  test.each([
    ['https://t.example/abcdefgh/postback?subid={c}', 'https://t.example/[redacted]/postback?subid={c}'],
    ['https://t.example/postback?subid={c}', 'https://t.example/postback?subid={c}'],
    ['https://t.example/v2/conv?cid={c}', 'https://t.example/v2/conv?cid={c}'],
    ['https://t.example/conv/a1b2c3d4e5', 'https://t.example/conv/[redacted]'],
    ['', ''],
  ])('a postback address %s', (address, clean) => {
    expect(postbackWithoutKeys(address)).toBe(clean);
  });
});

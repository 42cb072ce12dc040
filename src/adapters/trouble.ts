// Trouble translated once: what a socket or an answer says becomes one TrackerError with a kind, a reason and a hint.
import { type ErrorKind, TrackerError } from '../core/errors.ts';

const TLS_CODES = /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|EPROTO|HOSTNAME_MISMATCH)/;
const TIMEOUT_CODES = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'ETIMEDOUT',
]);

/** Thrown by the connector: not a fault of the network but of the address. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
  readonly code = 'ADDRESS_REFUSED';
}

/** Any failure of a call that brought no answer. The reason is a code, never the text of the error: that may name a URL. */
export function troubleWithSocket(error: unknown, signal?: AbortSignal): TrackerError {
  const chain = causes(error);
  const refused = chain.find((cause) => cause instanceof AddressRefused);
  if (refused !== undefined) {
    const isClosed = refused.message.startsWith('address not allowed');
    return new TrackerError('url', refused.message, { hint: isClosed ? CLOSED_NETWORK : HINTS.url });
  }
  // The one refusal of fetch itself that has no code: ports that speak mail, SSH and the like.
  if (chain.some((cause) => cause.message === 'bad port'))
    return new TrackerError('url', 'not a valid address: no port of a web page', { hint: HINTS.url });
  const isTimeout = chain.some((cause) => isTimeoutError(cause) || TIMEOUT_CODES.has(codeOf(cause)));
  if (isTimeout) return new TrackerError('timeout', 'timeout', { hint: HINTS.timeout });
  if (signal?.aborted && !isTimeoutError(signal.reason))
    return new TrackerError('network', 'called off', { hint: HINTS.network });
  const code = chain.map(codeOf).findLast((found) => found !== '') ?? '';
  if (TLS_CODES.test(code)) return new TrackerError('tls', `TLS (${code})`, { hint: HINTS.tls });
  if (['EAI_AGAIN', 'ENODATA', 'EAI_NODATA'].includes(code))
    return new TrackerError('dns', `ENOTFOUND (${code})`, { hint: HINTS.dns });
  if (code === 'ENOTFOUND') return new TrackerError('dns', code, { hint: HINTS.dns });
  if (code === 'ECONNREFUSED') return new TrackerError('connection_refused', code, { hint: HINTS.connection_refused });
  return new TrackerError('network', code === '' || code === 'UND_ERR_SOCKET' ? 'ECONNRESET' : code, {
    hint: HINTS.network,
  });
}

const isTimeoutError = (reason: unknown): boolean => reason instanceof Error && reason.name === 'TimeoutError';

function causes(error: unknown): Error[] {
  const found: Error[] = [];
  for (let at = error; at instanceof Error && found.length < 8; ) {
    found.push(at);
    at = at instanceof AggregateError ? at.errors[0] : at.cause;
  }
  return found;
}

const codeOf = (error: Error): string => ('code' in error && typeof error.code === 'string' ? error.code : '');

/** An answer whose status is not success. */
export function troubleWithStatus(
  status: number,
  title: string,
  said: string,
  retryAfterMs: number | null,
): TrackerError {
  const kind = kindOfStatus(status);
  return new TrackerError(kind, kind === 'not_the_tracker' ? `not ${title}` : String(status), {
    status,
    said,
    hint: HINTS[kind],
    ...(retryAfterMs === null ? {} : { retryAfterMs }),
  });
}

function kindOfStatus(status: number): ErrorKind {
  if (status === 401) return 'auth';
  if (status === 402) return 'plan';
  if (status === 403) return 'forbidden';
  if (status === 429) return 'rate_limited';
  if (status >= 500 || status === 408 || status === 425) return 'server_error';
  return status === 404 ? 'not_the_tracker' : 'refused';
}

/** 200, but not the JSON that this tracker speaks. */
export function troubleWithAnswer(status: number, title: string, said: string): TrackerError {
  return new TrackerError('not_the_tracker', `not ${title}`, { status, said, hint: HINTS.not_the_tracker });
}

/** A refusal that is in the body, whatever the status. */
export function troubleWithRefusal(
  status: number,
  kind: ErrorKind,
  said: string,
  retryAfterMs: number | null = null,
): TrackerError {
  const wait = retryAfterMs === null ? {} : { retryAfterMs };
  return new TrackerError(kind, 'refused', { status, said, hint: HINTS[kind], ...wait });
}

/** A refusal of all that was asked, where the tracker means the key by it. */
export function asBadKey(badKeyStatuses: readonly number[] | undefined, trouble: TrackerError): TrackerError {
  const { message, details } = trouble;
  if (trouble.kind !== 'forbidden' || !badKeyStatuses?.includes(details.status ?? 0)) return trouble;
  return new TrackerError('auth', message, { ...details, hint: HINTS.auth });
}

const CLOSED_NETWORK =
  'It lies in a private network, or speaks plain http. If it is yours, have its network named in TRACKER_ALLOWED_NETWORKS.';

/** What a person can do now. */
export const HINTS: Readonly<Record<ErrorKind, string>> = {
  auth: 'The tracker refused the key. Make a new one in the tracker and paste it here.',
  plan: "The tracker's plan does not include the API. Upgrade it there, then test again.",
  forbidden:
    "The key's user may not read this, or a firewall stands in front. Give the user the rights, or let this server through.",
  rate_limited: 'The tracker asks us to slow down. Nothing to do: it is tried again by itself.',
  server_error: 'The tracker failed on its side. It is tried again by itself; if it lasts, look at the tracker.',
  url: "Use the https address of the tracker's own panel, as it stands in your browser.",
  dns: 'No such host. Check the address for a typing error.',
  connection_refused: 'Nothing listens at this address and port. Check the address, and that the tracker runs.',
  tls: "The tracker's certificate cannot be trusted. Renew it, or correct the address.",
  timeout: 'The tracker did not answer in time. Check that it can be reached from here, and that it is not overloaded.',
  network: 'The connection broke. It is tried again by itself; if it lasts, look for a firewall.',
  not_the_tracker:
    "This address answers, but not as this tracker's API. Use the panel's address, not a traffic domain.",
  refused: 'The tracker refused this request as it is; its version may differ.',
  bad_answer: 'The tracker contradicted itself while it was read. It is tried again by itself.',
  vault: 'The stored key cannot be opened. Restore the encryption key, or enter the credentials anew.',
};

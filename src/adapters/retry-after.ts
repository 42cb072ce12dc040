// How long a tracker asks us to wait, in whichever header and form it says so; of several, the longest.

const HEADERS = [
  'retry-after',
  'ratelimit-reset',
  'x-ratelimit-reset',
  'x-rate-limit-reset',
  'x-ratelimit-retry-after',
];
/** Numbers above this are moments (seconds since 1970), not waits. */
const EPOCH_SECONDS = 1_000_000_000;

/** Milliseconds to wait, 0 for a moment that is past, null where nothing that can be read is said. */
export function retryAfterMs(header: (name: string) => string | null, now: Date): number | null {
  const waits = HEADERS.flatMap((name) => parse(header(name), now));
  return waits.length === 0 ? null : Math.max(0, ...waits);
}

function parse(value: string | null, now: Date): number[] {
  if (value === null || value.trim() === '') return [];
  const parts = value.split(',').map((part) => part.trim());
  if (parts.every((part) => /^-?\d+(\.\d+)?$/.test(part))) {
    return parts.map(Number).map((n) => (n > EPOCH_SECONDS ? n * 1000 - now.getTime() : n * 1000));
  }
  const at = Date.parse(value);
  return Number.isNaN(at) ? [] : [at - now.getTime()];
}

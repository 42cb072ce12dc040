// How long a tracker asks us to wait, in whichever header and form it says so; of several, the longest.

const HEADERS = ['retry-after', 'x-ratelimit-retry-after'];
/** When a quota is filled again: asks for a wait only where the quota is what the answer is about (429). */
const QUOTA_HEADERS = ['ratelimit-reset', 'x-ratelimit-reset', 'x-rate-limit-reset'];
/** Numbers above these are moments, not waits: seconds, or milliseconds, since 1970. */
const EPOCH_SECONDS = 1_000_000_000;
const EPOCH_MS = 1_000_000_000_000;
/** `Wed, 21 Oct 2026 07:28:00 GMT` and its elders, or ISO 8601: `Date.parse` also makes a date of "soon 5". */
const DATE = /^(?:[a-z]{3,9},? .*\d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\d\d:\d\d)/i;

/**
 * Milliseconds to wait. Null where nothing that can be read is said, or a wait that is over already: how soon to come
 * back is then ours to choose.
 */
export function retryAfterMs(status: number, header: (name: string) => string | null, now: Date): number | null {
  const names = status === 429 ? [...HEADERS, ...QUOTA_HEADERS] : HEADERS;
  const longest = Math.max(0, ...names.flatMap((name) => waitsIn(header(name), now)));
  return longest > 0 ? longest : null;
}

function waitsIn(value: string | null, now: Date): number[] {
  if (value === null || value.trim() === '') return [];
  const parts = value.split(',').map((part) => part.trim());
  if (parts.every((part) => /^-?\d+(\.\d+)?$/.test(part))) return parts.map((part) => waitOf(Number(part), now));
  const at = DATE.test(value.trim()) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? [] : [at - now.getTime()];
}

function waitOf(count: number, now: Date): number {
  if (count > EPOCH_MS) return count - now.getTime();
  return count > EPOCH_SECONDS ? count * 1000 - now.getTime() : count * 1000;
}

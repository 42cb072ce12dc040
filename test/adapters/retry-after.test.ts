// How long to wait, in every header and form that says so.
import { describe, expect, test } from 'vitest';
import { retryAfterMs } from '../../src/adapters/retry-after.ts';
import { answeredBy } from './wire.ts';

const now = new Date('2026-03-10T12:00:00Z');
const waitOf = (headers: Record<string, string>, status = 429) =>
  retryAfterMs(status, (name) => headers[name] ?? null, now);
const epoch = now.getTime() / 1000;
const DAY_MS = 86_400_000;

test.each<[string, Record<string, string>, number | null]>([
  ['in seconds', { 'retry-after': '120' }, 120_000],
  ['in fractions of a second', { 'retry-after': ' 0.5 ' }, 500],
  ['as a date', { 'retry-after': 'Tue, 10 Mar 2026 12:01:30 GMT' }, 90_000],
  ['as a date of the old form', { 'retry-after': 'Tuesday, 10-Mar-26 12:01:30 GMT' }, 90_000],
  ['as an ISO date', { 'retry-after': '2026-03-10T12:01:30Z' }, 90_000],
  ['as seconds since 1970', { 'x-ratelimit-reset': String(epoch + 60) }, 60_000],
  ['as milliseconds since 1970', { 'x-ratelimit-reset': String((epoch + 60) * 1000) }, 60_000],
  ['of a week', { 'retry-after': '604800' }, 7 * DAY_MS],
  ['sent twice', { 'retry-after': '5, 30' }, 30_000],
  ['in several headers', { 'retry-after': '5', 'ratelimit-reset': '40', 'x-ratelimit-reset': '20' }, 40_000],
  ['beside a quota that is full again', { 'retry-after': '5', 'x-ratelimit-reset': String(epoch - 60) }, 5_000],
  ['of nothing', { 'retry-after': '0' }, null],
  ['that is negative', { 'retry-after': '-30' }, null],
  ['as a date that is past', { 'retry-after': 'Tue, 10 Mar 2026 11:00:00 GMT' }, null],
  ['in words', { 'retry-after': 'soon 5' }, null],
  ['in words with a year to come', { 'retry-after': 'wait 2099' }, null],
  ['in a unit', { 'retry-after': '30 seconds' }, null],
  ['empty', { 'retry-after': ' ' }, null],
  ['absent', {}, null],
])('a wait %s', (_, headers, waitMs) => {
  expect(waitOf(headers)).toBe(waitMs);
});

test('a quota is no reason to wait for a server that failed', () => {
  expect(waitOf({ 'x-ratelimit-reset': '3600' }, 503)).toBeNull();
  expect(waitOf({ 'x-ratelimit-reset': '3600', 'retry-after': '7' }, 503)).toBe(7_000);
});

describe('on the wire', () => {
  test.each<[Record<string, string | string[]>, number | undefined]>([
    [{ 'retry-after': '7' }, 7_000],
    [{ 'retry-after': ['7', '11'] }, 11_000],
    [{ 'Retry-After': '7', 'X-RateLimit-Reset': '9' }, 9_000],
    [{}, undefined],
  ])('%j', async (headers, retryAfter) => {
    const { error } = await answeredBy((_request, response) => response.writeHead(429, headers).end());
    expect(error?.kind).toBe('rate_limited');
    expect(error?.details.retryAfterMs).toBe(retryAfter);
  });
});

// So many calls a minute of each limited path: by real time, since that is what a caller waits by.
import type { Ledger } from '../../ledger/ledger.ts';
import type { FaceContext } from '../face.ts';
import { Refusal } from './answers.ts';

interface Window {
  startedAt: number;
  calls: number;
}

const windows = new WeakMap<Ledger, Map<string, Window>>();

/**
 * Counts a call; the headers that go with its answer.
 * Refuses with 429 where the window has no call left.
 */
export function countCall(path: string, { ledger, options }: FaceContext): Record<string, string> {
  const { limit } = options.redtrack;
  if (limit === null || !options.limits) return {};
  const now = Date.now();
  const byPath = windows.get(ledger) ?? new Map<string, Window>();
  windows.set(ledger, byPath);
  let window = byPath.get(path);
  if (window === undefined || now - window.startedAt >= limit.windowMs) {
    window = { startedAt: now, calls: 0 };
    byPath.set(path, window);
  }
  const left = limit.calls - window.calls;
  const seconds = String(Math.ceil((window.startedAt + limit.windowMs - now) / 1000));
  const headers = {
    'X-RateLimit-Remaining-Minute': String(Math.max(0, left - 1)),
    'RateLimit-Reset': seconds,
  };
  if (left <= 0) throw new Refusal(429, 'API rate limit exceeded', { ...headers, 'Retry-After': seconds });
  window.calls++;
  return headers;
}

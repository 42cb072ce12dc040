// How much of a tracker's patience a connection may use, and with which others it shares that.
import { createHash } from 'node:crypto';
import type { Rate } from '../core/call-budget.ts';
import { MINUTE_MS } from '../core/windows.ts';
import type { Adapter, Connection, TrackerRequest } from './adapter.ts';

/** So many calls in so long: of all paths together, or of each one named. */
export interface CallRate {
  calls: number;
  perMs: number;
  paths?: readonly string[];
}

export interface Limits {
  /** Who shares them: all connections to one address, or those of one account at it (many customers' tracker). */
  of: 'installation' | 'account';
  concurrentRequests: number;
  rates?: readonly CallRate[];
}

/** Under which names the budget and the outage of a connection are kept: digests, so that no credential is told. */
export function budgetKeys(adapter: Adapter, { url, credentials }: Connection): { budget: string; outage: string } {
  const installation = [adapter.type, url];
  const account = adapter.auth.map(({ credential }) => credentials[credential] ?? '');
  return {
    budget: digest(adapter.limits.of === 'account' ? [...installation, ...account] : installation),
    outage: digest(installation),
  };
}

const digest = (parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22);

/** The rates that a request counts for; the connection may have been told another one than the tracker's usual. */
export function ratesOf(
  adapter: Pick<Adapter, 'limits'>,
  { settings }: Pick<Connection, 'settings'>,
  { path }: Pick<TrackerRequest, 'path'>,
): Rate[] {
  const own = settings.callsPerMinute;
  if (own === 0) return [];
  const declared = adapter.limits.rates ?? (own === undefined ? [] : [{ calls: own, perMs: MINUTE_MS }]);
  return declared
    .filter(({ paths }) => paths?.includes(path) ?? true)
    .map(({ calls, perMs, paths }) => ({
      name: paths === undefined ? 'all' : path,
      ...(own === undefined ? { calls, perMs } : { calls: own, perMs: MINUTE_MS }),
    }));
}

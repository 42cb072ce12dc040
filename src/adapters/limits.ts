// How much of a tracker's patience a connection may use, and with which others it shares that.
import { createHash } from 'node:crypto';
import type { Rate } from '../core/call-budget.ts';
import { MINUTE_MS } from '../core/windows.ts';
import type { Adapter, Auth, Connection } from './adapter.ts';
import type { TrackerRequest } from './sources.ts';

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
  const account = adapter.auth.map((auth) => credentials[nameOf(auth, credentials)] ?? '');
  return {
    budget: digest(adapter.limits.of === 'account' ? [...installation, ...account] : installation),
    outage: digest(installation),
  };
}

/** The credential that tells one account from another. */
function nameOf(auth: Auth, credentials: Connection['credentials']): string {
  if (auth.style !== 'token') return auth.credential;
  const login = auth.logins.find((one) => one.credentials.every((name) => credentials[name])) ?? auth.logins[0];
  return login?.credentials[0] ?? '';
}

const digest = (parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22);

/** The rates that a request counts for. A connection's own one stands in place of those declared, 0 for none. */
export function ratesOf(
  adapter: Pick<Adapter, 'limits'>,
  { settings }: Pick<Connection, 'settings'>,
  { path }: Pick<TrackerRequest, 'path'>,
): Rate[] {
  const own = settings.callsPerMinute;
  const all = adapter.limits.rates ?? [];
  const declared = all.filter(({ paths }) => paths?.includes(path) ?? true);
  const isLimited = declared.length > 0 || all.length === 0;
  const name = declared.some(({ paths }) => paths !== undefined) ? path : 'all';
  const rates = own === undefined ? declared : own > 0 && isLimited ? [{ calls: own, perMs: MINUTE_MS }] : [];
  return rates.map(({ calls, perMs }) => ({ name: `${name} ${perMs}`, calls, perMs }));
}

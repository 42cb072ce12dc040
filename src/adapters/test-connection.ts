// The connection test: the key first, then every resource with one cheap call, all within 15 seconds.
import { type ErrorKind, TrackerError } from '../core/errors.ts';
import { CATALOG_RESOURCES, LOG_RESOURCES, type LogResource, type Resource } from '../core/resources.ts';
import { DAY_MS, HOUR_MS, type Range, readableUntil } from '../core/windows.ts';
import type { Adapter, Connection } from './adapter.ts';
import { limitOf } from './paging.ts';
import { peek } from './pull-catalog.ts';
import { pullLogPage } from './pull-log.ts';
import { pullTotals } from './pull-totals.ts';
import { isObject, text } from './reading.ts';
import { openSession, type Session, type SessionOptions } from './session.ts';
import type { Listing } from './sources.ts';
import { asBadKey, HINTS } from './trouble.ts';

export interface ResourceCheck {
  resource: Resource;
  ok: boolean;
  /** Entries found; null where the tracker neither says nor shows it. */
  count: number | null;
  message: string;
}

export type TestResult =
  | { ok: true; latencyMs: number; message: string; checks: ResourceCheck[] }
  | { ok: false; latencyMs: number; error: { kind: ErrorKind; status?: number; message: string; hint: string } };

/** Of the 15 seconds that an answer may take: what is left is for telling it. */
export const DEADLINE_MS = 14_000;
const NAMES: Record<Resource, string> = {
  ...{ campaigns: 'campaigns', offers: 'offers', landing_pages: 'landing pages', flows: 'flows' },
  ...{ traffic_sources: 'traffic sources', affiliate_networks: 'affiliate networks' },
  ...{ clicks: 'click log', conversions: 'conversions', totals: 'daily totals' },
};

export interface TestDeps extends Pick<SessionOptions, 'http' | 'onCall' | 'permit'> {
  now?: Date;
  deadlineMs?: number;
}

/** Never throws for what the tracker does; `onCall` is told every request made. */
export async function testConnection(adapter: Adapter, connection: Connection, deps: TestDeps): Promise<TestResult> {
  const started = performance.now();
  const signal = AbortSignal.timeout(deps.deadlineMs ?? DEADLINE_MS);
  const { http, onCall, permit } = deps;
  const session = openSession(adapter, connection, {
    http,
    onCall,
    signal,
    ...(permit === undefined ? {} : { permit }),
  });
  const latency = (): number => Math.round(performance.now() - started);
  try {
    await peek(session, session.adapter.test, null);
  } catch (error) {
    if (!(error instanceof TrackerError)) throw error;
    return { ok: false, latencyMs: latency(), error: told(asBadKey(adapter.badKeyStatuses, error)) };
  }
  const latencyMs = latency();
  const checks = await checkResources(session, deps.now ?? new Date());
  const refused = checks.filter((check) => !check.ok).map((check) => NAMES[check.resource]);
  const message = refused.length === 0 ? 'Key accepted.' : `Key accepted. Not readable: ${refused.join(', ')}.`;
  return { ok: true, latencyMs, message, checks };
}

function told(error: TrackerError) {
  const { status, hint } = error.details;
  return {
    kind: error.kind,
    ...(status === undefined ? {} : { status }),
    message: `Connection test failed: ${reason(error)}`,
    hint: hint ?? HINTS[error.kind],
  };
}

function reason({ message, details: { said } }: TrackerError): string {
  return said === undefined || said === '' ? message : `${message} (${said})`;
}

async function checkResources(session: Session, now: Date): Promise<ResourceCheck[]> {
  const { catalog, logs, totals } = session.adapter;
  const until = readableUntil(now);
  const checks: ResourceCheck[] = [];
  let parentId: string | null = null;
  for (const resource of CATALOG_RESOURCES) {
    const listing = catalog[resource]?.listings[0];
    if (listing === undefined) continue;
    if (listing.perParent !== undefined && parentId === null) {
      checks.push({ resource, ok: true, count: 0, message: 'nothing to ask for yet' });
      continue;
    }
    const check = await attempt(resource, async () => {
      const items = await peek(session, listing, listing.perParent === undefined ? null : parentId);
      if (resource === 'campaigns') parentId = isObject(items[0]) ? text(items[0].id) : null;
      return isFull(listing, items.length) ? null : items.length;
    });
    checks.push(check);
  }
  for (const resource of LOG_RESOURCES) {
    if (logs[resource] === undefined) continue;
    const window: Range = { from: new Date(until.getTime() - HOUR_MS), to: until };
    checks.push(await attempt(resource, async () => logCount(session, resource, window)));
  }
  if (totals !== undefined) checks.push(await attempt('totals', () => totalsCount(session, until)));
  return checks;
}

/** Of a page that is full there may be more. */
const isFull = ({ paging }: Listing, received: number): boolean =>
  paging.style !== 'whole' && received === limitOf(paging);

async function logCount(session: Session, resource: LogResource, window: Range): Promise<number | null> {
  const page = await pullLogPage(session, resource, window, null, null, 1);
  return page.total ?? (page.received === 0 && page.next === null ? 0 : null);
}

async function totalsCount(session: Session, until: Date): Promise<number> {
  const window: Range = { from: new Date(Math.floor(until.getTime() / DAY_MS) * DAY_MS), to: until };
  const { totals, unreadable } = await pullTotals(session, window, null);
  return totals.length + unreadable.length;
}

async function attempt(resource: Resource, count: () => Promise<number | null>): Promise<ResourceCheck> {
  try {
    return { resource, ok: true, count: await count(), message: `${NAMES[resource]} readable` };
  } catch (error) {
    if (!(error instanceof TrackerError)) throw error;
    return { resource, ok: false, count: null, message: reason(error) };
  }
}

// What must hold after any kill and any fault: one function, asked after each.
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { expect } from 'vitest';
import type { LoggedRequest } from '../../simulator/request-log.ts';
import type { Db } from '../../src/store/db.ts';
import type { CheckpointWatch } from './checkpoints-watch.ts';
import type { Connected, Hub } from './hub.ts';
import { expectRowsOfLedger } from './truth.ts';

const INTERVAL_MS = 60_000;

export interface Aftermath {
  hub: Hub;
  watch: CheckpointWatch;
  configs: Connected[];
  /** The later of the last fault and the last `Retry-After`. */
  lastTroubleAt: number;
  /** What refused calls asked to wait, in seconds, by their status. */
  retryAfter?: Record<number, number>;
  /** Calls whose answer died with the worker that heard it: nobody is left who could have obeyed. */
  isUnheard?(request: LoggedRequest): boolean;
}

/** Waits for all to be current again by themselves, within two intervals, then looks at everything. */
export async function expectAllIsWell(aftermath: Aftermath): Promise<{ rows: number; currentAfterMs: number }> {
  const { hub, watch, configs, lastTroubleAt } = aftermath;
  const deadline = lastTroubleAt + 2 * INTERVAL_MS;
  let rows = 0;
  for (const config of configs) await becomesCurrent(hub, config.configId, lastTroubleAt, deadline);
  const currentAfterMs = Date.now() - lastTroubleAt;
  for (const config of configs) rows += await expectNothingWrong(hub.db, config, aftermath);
  expect(watch.offences).toEqual([]);
  expect(watch.looks()).toBeGreaterThan(0);
  return { rows, currentAfterMs };
}

type Refusals = Pick<Aftermath, 'retryAfter' | 'isUnheard'>;

/**
 * Every row once and as the ledger has it, one call at a time, none before its time, no window read twice.
 * @returns how many rows were held beside each other
 */
export async function expectNothingWrong(db: Db, config: Connected, refusals: Refusals = {}): Promise<number> {
  const rows = await expectRowsOfLedger(db, config);
  const requests = await config.ledger.requests();
  expectOneAtATime(requests);
  expectPatience(requests, refusals);
  await expectNothingTwice(db, config.configId, requests);
  return rows;
}

/** Current: a cycle that began after the trouble has ended, and nothing older is open. */
export async function becomesCurrent(hub: Hub, configId: string, since: number, deadline: number): Promise<void> {
  for (;;) {
    const missing = await whatIsMissing(hub.db, configId, new Date(since)).catch((error: Error) => error.message);
    if (missing === null) return;
    if (Date.now() > deadline) {
      const seconds = Math.round((Date.now() - since) / 1_000);
      throw new Error(`not current ${seconds} s after the last trouble: ${missing}\n${hub.output().slice(-6_000)}`);
    }
    await sleep(250);
  }
}

async function whatIsMissing(db: Db, configId: string, since: Date): Promise<string | null> {
  const { rows } = await sql<{ blocked_kind: string | null; fresh: number; open: string[]; facts: string }>`
    select c.blocked_kind,
      (select count(*) from run r where r.tracker_config_id = c.id and r.kind = 'cycle' and r.state = 'done'
        and r.started_at >= ${since})::int as fresh,
      array(select kind || ' ' || state from run r where r.tracker_config_id = c.id and r.kind <> 'cycle'
        and r.kind <> 'catalog' and r.state in ('queued', 'running')) as open,
      row_to_json(c)::text as facts
    from tracker_config c where c.id = ${configId}`.execute(db);
  const row = rows[0];
  if (row === undefined) return 'the config is gone';
  if (row.blocked_kind !== null) return `blocked: ${row.blocked_kind}`;
  if (row.open.length > 0) return `open: ${row.open.join(', ')}`;
  return row.fresh > 0 ? null : `no cycle since; ${withoutSecrets(row.facts)}`;
}

const withoutSecrets = (facts: string): string => facts.replace(/"credentials_sealed":"[^"]*"/, '"…"');

function expectOneAtATime(requests: readonly LoggedRequest[]): void {
  expect(Math.max(0, ...requests.map((request) => request.inFlight))).toBeLessThanOrEqual(1);
}

/** What arrives within these is the same moment, on two clocks of one machine. */
const SAME_MOMENT_MS = 50;

function expectPatience(requests: readonly LoggedRequest[], { retryAfter = {}, isUnheard }: Refusals): void {
  for (const refused of requests) {
    const seconds = refused.fault === 'status' ? retryAfter[refused.status ?? 0] : undefined;
    if (seconds === undefined || isUnheard?.(refused)) continue;
    const until = Date.parse(refused.at) + seconds * 1_000 - SAME_MOMENT_MS;
    const early = requests.filter((later) => later.number > refused.number && Date.parse(later.at) < until);
    expect(early, `asked again within ${seconds} s of ${refused.status}`).toEqual([]);
  }
}

/** A window that was read to its end is not asked for again, unless another run has the very same range. */
async function expectNothingTwice(db: Db, configId: string, requests: readonly LoggedRequest[]): Promise<void> {
  const windows = await db
    .selectFrom('sync_window')
    .select(['resource', 'from_at', 'to_at', 'state', 'finished_at'])
    .where('tracker_config_id', '=', configId)
    .execute();
  const again = requests.filter((request) => {
    if (!request.window || !/\/(clicks|conversions)\/log$/.test(request.path)) return false;
    const at = Date.parse(request.at);
    const from = timeOf(request.window.from);
    const same = windows.filter(
      (window) => request.path.includes(`/${window.resource}/`) && window.from_at.getTime() === from,
    );
    const isOpen = (window: (typeof windows)[number]): boolean =>
      window.finished_at === null || window.finished_at.getTime() + SAME_MOMENT_MS >= at;
    return same.length > 0 && !same.some(isOpen);
  });
  expect(again, 'finished windows were fetched again').toEqual([]);
}

/** The panel's times are UTC wall clock. */
const timeOf = (asked: string): number => Date.parse(`${asked.replace(' ', 'T')}Z`);

/** Null while PostgreSQL is away. */
export const configOf = (db: Db, configId: string) =>
  db
    .selectFrom('tracker_config')
    .selectAll()
    .where('id', '=', configId)
    .executeTakeFirst()
    .catch(() => null);

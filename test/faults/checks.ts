// What must hold when a run is over: nothing lost, nothing doubled, sums to the cent, and no call before its time.
import { sql } from 'kysely';
import { expect } from 'vitest';
import type { LedgerControl } from '../../simulator/client.ts';
import type { LoggedRequest } from '../../simulator/request-log.ts';
import type { Session } from '../../src/adapters/session.ts';
import { LOG_RESOURCES, type LogResource } from '../../src/core/resources.ts';
import type { Range } from '../../src/core/windows.ts';
import type { Db } from '../../src/store/db.ts';
import { readWindow } from '../adapters/reads.ts';
import { difference, NO_DIFFERENCE } from '../adapters/truth-records.ts';
import { hubTotals, ledgerTotals } from '../sync/totals.ts';
import type { Laid } from './draw.ts';
import type { RunTime } from './time.ts';

/** What is compared row by row: enough to tell a row, its money and its state; no free text, of which a fault may have spoiled a letter. */
const FIELDS: Record<LogResource, readonly string[]> = {
  clicks: ['externalId', 'clickedAt', 'campaignExternalId', 'cost'],
  conversions: ['externalId', 'convertedAt', 'campaignExternalId', 'rawStatus', 'revenue'],
};

export interface Read {
  db: Db;
  configId: string;
  ledger: LedgerControl;
  face: string;
  /** With the same tracker, now that it is well. */
  session: Session;
  range: Range;
}

/** Every row once and as the tracker has it: held beside what it gives when nothing is wrong, and added up beside the ledger. */
export async function expectRowsAndSums(read: Read): Promise<number> {
  const { session, db, configId, range, ledger, face } = read;
  let rows = 0;
  for (const resource of LOG_RESOURCES) {
    const source = session.adapter.logs[resource];
    if (source === undefined) continue;
    // What is given for a while only can no longer be asked for.
    if (source.reachMs !== undefined) {
      await expectLatestClicks(read, source.reachMs);
      continue;
    }
    const { records } = await readWindow(session, resource, range);
    const ours = await storedRows(db, configId, resource, range);
    expect(difference(ours, records, FIELDS[resource]), resource).toEqual(NO_DIFFERENCE);
    rows += ours.length;
  }
  const ours = await hubTotals(db, configId, range);
  const theirs = await ledgerTotals(ledger, range, face);
  if (session.adapter.logs.clicks?.reachMs !== undefined)
    Object.assign(theirs, { clicks: ours.clicks, cost: ours.cost });
  expect(ours, 'sums').toEqual(theirs);
  await expectExactNumbers(db, configId);
  return rows;
}

/** Of the latest clicks every one; of the older ones those that conversions tell of, once and told apart, unless they were seen alive. */
async function expectLatestClicks({ session, db, configId, range, ledger }: Read, reachMs: number): Promise<void> {
  const { now } = await ledger.clock();
  const latest = { from: new Date(Math.max(range.from.getTime(), Date.parse(now) - reachMs)), to: range.to };
  const { records } = await readWindow(session, 'clicks', latest);
  const ours = await storedRows(db, configId, 'clicks', latest);
  // No money: what a conversion told of a click's cost stays.
  const told = ['externalId', 'clickedAt', 'campaignExternalId'];
  expect(difference(ours, records, told), 'latest clicks').toEqual(NO_DIFFERENCE);
  const truth: object[] = [];
  for await (const { subId, at } of ledger.truthClicks(textOf(latest)))
    truth.push({ externalId: subId, clickedAt: new Date(at) });
  expect(truth.length).toBeGreaterThan(30);
  expect(difference(ours, truth, ['externalId', 'clickedAt']), 'latest clicks of the ledger').toEqual(NO_DIFFERENCE);

  const { rows: derived } = await sql<object>`
    select c.external_id as "externalId", c.clicked_at as "clickedAt", c.is_derived as "isDerived"
    from click c where c.tracker_config_id = ${configId} and c.external_id in (
      select v.click_external_id from conversion v
      where v.tracker_config_id = c.tracker_config_id and v.converted_at >= ${range.from} and v.converted_at < ${range.to}
    )`.execute(db);
  const live = new Set(await liveIds(db, configId));
  const clicks = new Map<string, object>();
  for await (const { subId, clickAt } of ledger.truthConversions(textOf(range)))
    clicks.set(subId, { externalId: subId, clickedAt: new Date(clickAt), isDerived: !live.has(subId) });
  const fields = ['externalId', 'clickedAt', 'isDerived'];
  expect(difference(derived, [...clicks.values()], fields), 'derived clicks').toEqual(NO_DIFFERENCE);
}

const textOf = ({ from, to }: Range) => ({ from: from.toISOString(), to: to.toISOString() });

async function liveIds(db: Db, configId: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select external_id as id from click where tracker_config_id = ${configId} and not is_derived`.execute(db);
  return rows.map(({ id }) => id);
}

const STORED = {
  clicks: sql`select external_id as "externalId", clicked_at as "clickedAt", campaign_external_id as "campaignExternalId",
    cost from click where not is_derived and clicked_at`,
  conversions: sql`select external_id as "externalId", converted_at as "convertedAt",
    campaign_external_id as "campaignExternalId", raw_status as "rawStatus", revenue from conversion where converted_at`,
};

async function storedRows(db: Db, configId: string, resource: LogResource, { from, to }: Range): Promise<object[]> {
  const { rows } =
    await sql<object>`${STORED[resource]} >= ${from} and ${sql.ref(resource === 'clicks' ? 'clicked_at' : 'converted_at')} < ${to}
    and tracker_config_id = ${configId}`.execute(db);
  return rows;
}

/** 2^53 + 1 is not 2^53. */
async function expectExactNumbers(db: Db, configId: string): Promise<void> {
  const { rows } = await sql<{ rounded: number }>`
    select count(*)::int as rounded from conversion
    where tracker_config_id = ${configId} and raw::text like '%9007199254740992%'`.execute(db);
  expect(rows[0]!.rounded, 'numbers that were rounded').toBe(0);
}

/** A date is told in the real clock's time, which goes on meanwhile. */
const SAME_MOMENT_MS = { ms: 1, until: 3_000 };

/** Laid faults by their ids. */
export type Faults = ReadonlyMap<number, Laid>;

const waitOf = (request: LoggedRequest, faults: Faults): Laid['wait'] => faults.get(request.faultId ?? 0)?.wait;

/** When the trouble of a request was over by the run's time: at once, or after the wait that its answer asked for. */
export function troubleEndOf(hit: LoggedRequest, faults: Faults, time: RunTime): number {
  const at = time.at(Date.parse(hit.at));
  const wait = waitOf(hit, faults);
  if (wait === undefined) return at;
  return at + ('ms' in wait ? wait.ms : Math.max(0, wait.until - Date.parse(hit.at)));
}

/** No request of the account while a wait that was asked for is not over. */
export function expectPatience(requests: readonly LoggedRequest[], faults: Faults, time: RunTime): void {
  for (const refused of requests) {
    const wait = waitOf(refused, faults);
    if (wait === undefined) continue;
    const until = troubleEndOf(refused, faults, time) - SAME_MOMENT_MS['ms' in wait ? 'ms' : 'until'];
    const early = requests.filter((one) => one.number > refused.number && time.at(Date.parse(one.at)) < until);
    const told = early.map(({ path, at }) => `${at} ${path}`);
    expect(told, `asked again before ${faults.get(refused.faultId!)!.name} was over`).toEqual([]);
  }
}

export function expectFewAtOnce(requests: readonly LoggedRequest[], most: number): void {
  expect(Math.max(0, ...requests.map(({ inFlight }) => inFlight)), 'requests at once').toBeLessThanOrEqual(most);
}

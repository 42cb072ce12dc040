// The ledger's rows beside the hub's, row by row, and both added up per campaign and per day.
import { sql } from 'kysely';
import { expect } from 'vitest';
import type { Db } from '../../src/store/db.ts';
import type { Connected } from './hub.ts';

const plain = (amount: string | null): string =>
  amount === null ? '0' : amount.includes('.') ? amount.replace(/\.?0+$/, '') : amount;

type Rows = Record<string, string>;

/** Every row between the backfill's begin and what the last cycle has read. Fails with the rows that differ. */
export async function expectRowsOfLedger(db: Db, { configId, ledger }: Connected): Promise<number> {
  const range = await readRange(db, configId);
  const query = { from: range.from.toISOString(), to: range.to.toISOString() };
  const theirs: Rows = {};
  for await (const click of ledger.truthClicks(query)) theirs[click.subId] = `${click.campaignId} ${plain(click.cost)}`;
  const clicks = await sql<{ id: string; campaign: string; cost: string | null }>`
    select external_id as id, campaign_external_id as campaign, cost::text as cost from click
    where tracker_config_id = ${configId} and clicked_at >= ${range.from} and clicked_at < ${range.to}`.execute(db);
  expect(keyed(clicks.rows.map((row) => [row.id, `${row.campaign} ${plain(row.cost)}`]))).toEqual(theirs);

  const told: Rows = {};
  for await (const one of ledger.truthConversions(query))
    told[String(one.id)] = `${one.campaignId} ${one.status} ${plain(one.revenue)}`;
  const conversions = await sql<{ id: string; campaign: string; raw_status: string; revenue: string | null }>`
    select raw ->> 'conversion_id' as id, campaign_external_id as campaign, raw_status, revenue::text as revenue
    from conversion
    where tracker_config_id = ${configId} and converted_at >= ${range.from} and converted_at < ${range.to}`.execute(db);
  const ours = conversions.rows.map((row): [string, string] => [
    row.id,
    `${row.campaign} ${row.raw_status} ${plain(row.revenue)}`,
  ]);
  expect(keyed(ours)).toEqual(told);
  await expectSums(db, configId, range, await ledger.truth(query));
  return clicks.rows.length + conversions.rows.length;
}

/** A key that comes twice is a row that was doubled. */
function keyed(rows: [string, string][]): Rows {
  const found: Rows = {};
  for (const [key, value] of rows) found[key] = key in found ? `doubled: ${found[key]} and ${value}` : value;
  return found;
}

async function readRange(db: Db, configId: string): Promise<{ from: Date; to: Date }> {
  const config = await db
    .selectFrom('tracker_config')
    .select('backfill_from')
    .where('id', '=', configId)
    .executeTakeFirstOrThrow();
  const read = await db
    .selectFrom('tracker_resource')
    .select('read_to')
    .where('tracker_config_id', '=', configId)
    .where('resource', 'in', ['clicks', 'conversions'])
    .execute();
  const ends = read.map((row) => row.read_to?.getTime() ?? 0);
  return { from: config.backfill_from!, to: new Date(Math.min(...ends)) };
}

type Truth = Awaited<ReturnType<Connected['ledger']['truth']>>;

/** The ledger's own sums: a second way to the same numbers. */
async function expectSums(db: Db, configId: string, { from, to }: { from: Date; to: Date }, truth: Truth) {
  for (const [groups, key] of [
    [truth.perCampaign, sql`campaign_external_id`],
    [truth.perDay, sql`to_char(at, 'YYYY-MM-DD')`],
  ] as const) {
    const { rows } = await sql<{ key: string; clicks: number; cost: string; conversions: number; revenue: string }>`
      select ${key} as key, sum(clicks)::int as clicks, sum(cost)::text as cost,
        sum(conversions)::int as conversions, sum(revenue)::text as revenue
      from (
        select campaign_external_id, clicked_at as at, 1 as clicks, cost, 0 as conversions, 0 as revenue from click
          where tracker_config_id = ${configId} and clicked_at >= ${from} and clicked_at < ${to}
        union all
        select campaign_external_id, converted_at, 0, 0, 1, revenue from conversion
          where tracker_config_id = ${configId} and converted_at >= ${from} and converted_at < ${to}
      ) both_logs group by 1`.execute(db);
    const ours = rows.map(({ key: name, clicks, cost, conversions, revenue }) => [
      name,
      { clicks, cost: plain(cost), conversions, revenue: plain(revenue) },
    ]);
    const theirs = Object.entries(groups)
      .map(([name, sums]) => {
        const all = Object.values(sums.conversions);
        const micros = all.reduce((sum, { revenue }) => sum + Math.round(Number(revenue) * 1e6), 0);
        const conversions = all.reduce((sum, { count }) => sum + count, 0);
        const revenue = plain((micros / 1e6).toFixed(6));
        return [name, { clicks: sums.clicks, cost: plain(sums.cost), conversions, revenue }] as const;
      })
      .filter(([, sums]) => sums.clicks + sums.conversions > 0);
    expect(Object.fromEntries(ours)).toEqual(Object.fromEntries(theirs));
  }
}

// The hub's totals and the ledger's, in one shape, so that they can be held beside each other to the cent.
import { sql } from 'kysely';
import type { LedgerControl } from '../../simulator/client.ts';
import type { Db } from '../../src/store/db.ts';

export interface Totals {
  clicks: number;
  cost: string;
  conversions: Record<string, { count: number; revenue: string }>;
}

interface Span {
  from: Date;
  to: Date;
}

const plain = (amount: string): string => (amount.includes('.') ? amount.replace(/\.?0+$/, '') : amount);

export async function hubTotals(db: Db, configId: string, { from, to }: Span): Promise<Totals> {
  const clicks = await sql<{ clicks: number; cost: string }>`
    select count(*) as clicks, coalesce(sum(cost), 0)::text as cost from click
    where tracker_config_id = ${configId} and clicked_at >= ${from} and clicked_at < ${to}`.execute(db);
  const conversions = await sql<{ raw_status: string; count: number; revenue: string }>`
    select raw_status, count(*) as count, coalesce(sum(revenue), 0)::text as revenue from conversion
    where tracker_config_id = ${configId} and converted_at >= ${from} and converted_at < ${to} group by 1`.execute(db);
  const rows = conversions.rows.map(
    (row) => [row.raw_status, { count: row.count, revenue: plain(row.revenue) }] as const,
  );
  return { clicks: clicks.rows[0]!.clicks, cost: plain(clicks.rows[0]!.cost), conversions: sorted(rows) };
}

/** @param face in whose words statuses are told; default: the ledger's */
export async function ledgerTotals(ledger: LedgerControl, { from, to }: Span, face?: string): Promise<Totals> {
  const truth = await ledger.truth({
    ...{ from: from.toISOString(), to: to.toISOString() },
    ...(face === undefined ? {} : { face }),
  });
  const rows = Object.entries(truth.conversions)
    .filter(([, { count }]) => count > 0)
    .map(([status, { count, revenue }]) => [status, { count, revenue: plain(revenue) }] as const);
  return { clicks: truth.clicks, cost: plain(truth.cost), conversions: sorted(rows) };
}

function sorted(rows: readonly (readonly [string, { count: number; revenue: string }])[]) {
  return Object.fromEntries([...rows].sort(([a], [b]) => (a < b ? -1 : 1)));
}

// The hub's totals beside the ledger's: the same range, cut at the same moment, amounts as exact decimals; and, where a tracker does not give something, what is missing and why.
import { ofetch } from 'ofetch';
import { CONVERSION_STATUSES, type ConversionStatus } from '../core/statuses.ts';
import type { DemoClient } from './demo-client.ts';

export interface Comparison {
  metric: string;
  currency: string | null;
  hub: string;
  ledger: string;
  /** Why the two may differ: the tracker does not give it. Null where they are equal, or nothing excuses it. */
  reason: string | null;
}

interface Truth {
  clicks: number;
  cost: string;
  conversions: Record<string, { count: number; revenue: string }>;
}

/** Of which log each metric is made. */
type Log = 'clicks' | 'conversions';

export async function compare(hub: DemoClient, configId: string, truthUrl: string): Promise<Comparison[]> {
  const range = await hub.readRange(configId);
  const [byClick, byConversion, truth, meanings, missing] = await Promise.all([
    hub.totals(configId, range, 'click'),
    hub.totals(configId, range, 'conversion'),
    ofetch<Truth>(truthUrl, { query: { ...range } }),
    hub.statusMeanings(configId),
    hub.missingLogs(configId),
  ]);
  const ledger = ledgerTotals(truth, meanings);
  const currency = byClick?.currency ?? byConversion?.currency ?? null;
  const pair = (log: Log, metric: string, ours: string | number | undefined, theirs: string | number): Comparison => {
    const [told, asked] = [plain(String(ours ?? 0)), plain(String(theirs))];
    const isMoney = metric === 'cost' || metric === 'revenue';
    const reason = told === asked ? null : (missing[log] ?? null);
    return { metric, currency: isMoney ? currency : null, hub: told, ledger: asked, reason };
  };
  return [
    pair('clicks', 'clicks', byClick?.clicks, truth.clicks),
    pair('clicks', 'cost', byClick?.cost, truth.cost),
    ...CONVERSION_STATUSES.map((status) => pair('conversions', status, byConversion?.[status], ledger.counts[status])),
    pair('conversions', 'revenue', byConversion?.revenue, ledger.revenue),
  ];
}

export const isEqual = ({ hub, ledger }: Comparison): boolean => hub === ledger;
export const isExplained = (comparison: Comparison): boolean => isEqual(comparison) || comparison.reason !== null;

/** The ledger speaks the tracker's words: each counts as its meaning, an unknown one as pending; rejected money is not revenue. */
function ledgerTotals(
  truth: Truth,
  meanings: ReadonlyMap<string, ConversionStatus>,
): { counts: Record<ConversionStatus, number>; revenue: string } {
  const counts: Record<ConversionStatus, number> = { approved: 0, pending: 0, rejected: 0, hold: 0 };
  let micros = 0n;
  for (const [word, { count, revenue }] of Object.entries(truth.conversions)) {
    const status = meanings.get(word.toLowerCase()) ?? 'pending';
    counts[status] += count;
    if (status !== 'rejected') micros += microsOf(revenue);
  }
  return { counts, revenue: decimalOf(micros) };
}

const PLACES = 6;

function microsOf(amount: string): bigint {
  const [whole = '0', fraction = ''] = amount.replace('-', '').split('.');
  const micros = BigInt(whole + fraction.padEnd(PLACES, '0').slice(0, PLACES));
  return amount.startsWith('-') ? -micros : micros;
}

function decimalOf(micros: bigint): string {
  const digits = String(micros < 0n ? -micros : micros).padStart(PLACES + 1, '0');
  return `${micros < 0n ? '-' : ''}${digits.slice(0, -PLACES)}.${digits.slice(-PLACES)}`;
}

const plain = (amount: string): string => (amount.includes('.') ? amount.replace(/\.?0+$/, '') : amount);

/** One table for all trackers, each under its name. */
export function tableOf(compared: ReadonlyMap<string, readonly Comparison[]>): string {
  const cells = [...compared].map(([name, comparisons]) => ({ name, rows: comparisons.map(rowOf) }));
  const all = [HEAD, ...cells.flatMap(({ rows }) => rows)];
  const widths = HEAD.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, i) => (i === 2 || i === 3 ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd();
  return cells.map(({ name, rows }) => `\n${name}\n${[HEAD, ...rows].map(line).join('\n')}\n`).join('');
}

const HEAD: readonly string[] = ['', '', 'hub', 'ledger', ''];

function rowOf(row: Comparison): string[] {
  const verdict = isEqual(row) ? 'equal' : row.reason === null ? 'DIFFERS' : `missing: ${row.reason}`;
  return [`  ${row.metric}`, row.currency ?? '', row.hub, row.ledger, verdict];
}

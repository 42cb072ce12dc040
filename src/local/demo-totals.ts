// The hub's totals beside the ledger's: the same range, cut at the same moment, amounts as exact decimals.
import { ofetch } from 'ofetch';
import { keitaro } from '../adapters/keitaro.ts';
import { CONVERSION_STATUSES, type ConversionStatus, statusMeaning } from '../core/statuses.ts';
import type { DemoClient } from './demo-client.ts';

export interface Comparison {
  metric: string;
  currency: string | null;
  hub: string;
  ledger: string;
}

interface Truth {
  clicks: number;
  cost: string;
  conversions: Record<string, { count: number; revenue: string }>;
}

export async function compare(hub: DemoClient, configId: string, truthUrl: string): Promise<Comparison[]> {
  const range = await hub.readRange(configId);
  const [byClick, byConversion, truth] = await Promise.all([
    hub.totals(configId, range, 'click'),
    hub.totals(configId, range, 'conversion'),
    ofetch<Truth>(truthUrl, { query: { ...range } }),
  ]);
  const ledger = ledgerTotals(truth);
  const { currency } = byClick;
  const counted = CONVERSION_STATUSES.map((status) => ({
    ...{ metric: status, currency: null, hub: String(byConversion[status]), ledger: String(ledger.counts[status]) },
  }));
  return [
    { metric: 'clicks', currency: null, hub: String(byClick.clicks), ledger: String(truth.clicks) },
    { metric: 'cost', currency, hub: plain(byClick.cost), ledger: plain(truth.cost) },
    ...counted,
    { metric: 'revenue', currency, hub: plain(byConversion.revenue), ledger: plain(ledger.revenue) },
  ];
}

export const isEqual = ({ hub, ledger }: Comparison): boolean => hub === ledger;

/** The ledger speaks the tracker's words: each counts as its meaning, an unknown one as pending; rejected money is not revenue. */
function ledgerTotals(truth: Truth): { counts: Record<ConversionStatus, number>; revenue: string } {
  const counts: Record<ConversionStatus, number> = { approved: 0, pending: 0, rejected: 0, hold: 0 };
  let micros = 0n;
  for (const [word, { count, revenue }] of Object.entries(truth.conversions)) {
    const entry = Object.entries(keitaro.statuses).find(([raw]) => raw === word.toLowerCase())?.[1];
    const { status } = statusMeaning(entry ?? 'pending');
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

export function tableOf(comparisons: readonly Comparison[]): string {
  const rows = comparisons.map((row) => [
    row.metric,
    row.currency ?? '',
    row.hub,
    row.ledger,
    isEqual(row) ? 'equal' : 'DIFFERS',
  ]);
  const all = [['', '', 'hub', 'ledger', ''], ...rows];
  const widths = all[0]!.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  const line = (row: string[]): string =>
    row
      .map((cell, i) => (i === 2 || i === 3 ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd();
  return `\n${all.map(line).join('\n')}\n`;
}

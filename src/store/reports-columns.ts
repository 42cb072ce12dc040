// The columns of a report: what is summed, and what follows from the sums. A division by zero is null.

/** Summed from clicks and conversions. */
export const COUNTS = [
  'clicks',
  'uniqueClicks',
  'botClicks',
  'landingClicks',
  'approved',
  'pending',
  'rejected',
  'hold',
  'reversed',
] as const;
export const AMOUNTS = ['revenue', 'approvedRevenue', 'cost'] as const;
export const SUMS = [...COUNTS, ...AMOUNTS] as const;
export type SumColumn = (typeof SUMS)[number];

export const REPORT_COLUMNS = [...SUMS, 'conversions', 'profit', 'roi', 'cr', 'epc'] as const;
export type ReportColumn = (typeof REPORT_COLUMNS)[number];

/** One line of a report: counts are numbers, money exact decimals, percents decimal numbers. */
export interface ReportNumbers extends Record<(typeof COUNTS)[number] | 'conversions', number> {
  revenue: string;
  approvedRevenue: string;
  cost: string;
  profit: string;
  roi: number | null;
  cr: number | null;
  epc: string | null;
}

/** How each sum is made of facts under `f`, whose conversions mean `status`. */
export const SUM_SQL: Readonly<Record<SumColumn, { of: string; where?: string }>> = {
  clicks: { of: 'f.clicks' },
  uniqueClicks: { of: 'f.unique_clicks' },
  botClicks: { of: 'f.bot_clicks' },
  landingClicks: { of: 'f.landing_clicks' },
  cost: { of: 'f.cost' },
  approved: { of: 'f.conversions', where: `f.status = 'approved'` },
  pending: { of: 'f.conversions', where: `f.status = 'pending'` },
  rejected: { of: 'f.conversions', where: `f.status = 'rejected'` },
  hold: { of: 'f.conversions', where: `f.status = 'hold'` },
  reversed: { of: 'f.conversions', where: 'f.reversed' },
  revenue: { of: 'f.revenue', where: `f.status in ('approved', 'pending', 'hold')` },
  approvedRevenue: { of: 'f.revenue', where: `f.status = 'approved'` },
};

/** A period's name in the query: the asked one, or the one before it. */
export type Period = 'now' | 'previous';

export const sumName = (column: SumColumn, period: Period): string => `${column}_${period}`;

/** Any column as SQL over the sums, exact. */
export function columnSql(column: ReportColumn, period: Period): string {
  const sum = (name: SumColumn): string => `"${sumName(name, period)}"`;
  const conversions = `(${sum('approved')} + ${sum('pending')} + ${sum('hold')})`;
  const profit = `(${sum('revenue')} - ${sum('cost')})`;
  switch (column) {
    case 'conversions':
      return conversions;
    case 'profit':
      return profit;
    case 'roi':
      return `round(100 * ${profit} / nullif(${sum('cost')}, 0), 4)`;
    case 'cr':
      return `round(100 * ${conversions}::numeric / nullif(${sum('clicks')}, 0), 4)`;
    case 'epc':
      return `round(${sum('revenue')} / nullif(${sum('clicks')}, 0), 6)`;
    default:
      return sum(column);
  }
}

/** A column as it goes out: counts and percents as numbers, money as text. */
export function answerSql(column: ReportColumn, period: Period): string {
  const value = columnSql(column, period);
  const isMoney = ['revenue', 'approvedRevenue', 'cost', 'profit', 'epc'].includes(column);
  return isMoney ? `trim_scale(${value})::text` : `(${value})::float8`;
}

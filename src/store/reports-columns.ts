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

/** An aggregate over the rows under `l`, and which of them count. */
export interface Aggregate {
  of: string;
  where?: string;
}

/** How each sum is made. What a source says nothing of is zero. */
export const CLICK_SUMS: Readonly<Partial<Record<SumColumn, Aggregate>>> = {
  clicks: { of: 'count(*)' },
  uniqueClicks: { of: 'count(*)', where: 'l.is_unique' },
  botClicks: { of: 'count(*)', where: 'l.is_bot' },
  landingClicks: { of: 'count(*)', where: 'l.landing_clicked' },
  cost: { of: 'sum(l.cost)' },
};
export const CONVERSION_SUMS: Readonly<Partial<Record<SumColumn, Aggregate>>> = {
  approved: { of: 'count(*)', where: `l.status = 'approved'` },
  pending: { of: 'count(*)', where: `l.status = 'pending'` },
  rejected: { of: 'count(*)', where: `l.status = 'rejected'` },
  hold: { of: 'count(*)', where: `l.status = 'hold'` },
  reversed: { of: 'count(*)', where: 'l.reversed' },
  revenue: { of: 'sum(l.revenue)', where: `l.status in ('approved', 'pending', 'hold')` },
  approvedRevenue: { of: 'sum(l.revenue)', where: `l.status = 'approved'` },
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

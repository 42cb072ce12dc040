// The columns of a report: what they are called, what kind of figure they hold, which are shown at first.

import type { ReportLine } from '../../../api/reports-answer.ts';
import { count, money, percent } from '../../app/format.ts';

type Kind = 'count' | 'money' | 'percent' | 'small money';

const ALL = {
  clicks: ['Clicks', 'count', 'Clicks as the trackers count them.'],
  uniqueClicks: ['Unique', 'count', 'Clicks of visitors who had not come before.'],
  botClicks: ['Bots', 'count', 'Clicks that the tracker holds to be robots.'],
  landingClicks: ['LP clicks', 'count', 'Clicks that went on from the landing page.'],
  conversions: ['Conversions', 'count', 'Approved, pending and on hold.'],
  approved: ['Approved', 'count', 'Conversions that were approved.'],
  pending: ['Pending', 'count', 'Conversions that wait for a decision.'],
  hold: ['On hold', 'count', 'Conversions that were held back.'],
  rejected: ['Rejected', 'count', 'Conversions that were refused; no revenue.'],
  reversed: ['Taken back', 'count', 'Chargebacks and refunds.'],
  revenue: ['Revenue', 'money', 'Of approved, pending and held conversions.'],
  approvedRevenue: ['Approved rev.', 'money', 'Of approved conversions alone.'],
  cost: ['Cost', 'money', 'Uploaded spend where there is any, else the clicks’ cost.'],
  profit: ['Profit', 'money', 'Revenue minus cost.'],
  roi: ['ROI', 'percent', 'Profit in percent of the cost.'],
  cr: ['CR', 'percent', 'Conversions in percent of the clicks.'],
  epc: ['EPC', 'small money', 'Revenue per click.'],
} as const satisfies Record<string, readonly [title: string, kind: Kind, hint: string]>;

export type Metric = keyof typeof ALL;
export const METRICS = Object.keys(ALL) as Metric[];
export const USUAL_COLUMNS: readonly Metric[] = [
  ...(['clicks', 'conversions', 'approved', 'revenue', 'cost', 'profit', 'roi', 'cr', 'epc'] as const),
];

export const isMetric = (name: unknown): name is Metric => typeof name === 'string' && Object.hasOwn(ALL, name);
export const metricTitle = (metric: Metric): string => ALL[metric][0];
export const metricHint = (metric: Metric): string => ALL[metric][2];
export const isMoney = (metric: Metric): boolean => ALL[metric][1].endsWith('money') || metric === 'roi';
export const isRate = (metric: Metric): boolean => ALL[metric][1] === 'percent' || metric === 'epc';
export type Figures = Pick<ReportLine, Metric>;

export function figureOf(figures: Figures, metric: Metric, currency: string): string {
  const value = figures[metric];
  switch (ALL[metric][1]) {
    case 'count':
      return count(value as number | null);
    case 'percent':
      return percent(value as number | null);
    case 'money':
      return money(value as string | null, currency);
    case 'small money':
      return money(value as string | null, currency, 4);
  }
}

/** For drawing, where a digit lost does no harm. */
export const drawnOf = (figures: Figures, metric: Metric): number | null => {
  const value = figures[metric];
  return value === null ? null : Number(value);
};

const COLUMNS = 'tracker-hub.columns';

/** What the reader chose last; an address that names its own goes before. */
export function rememberedColumns(): Metric[] {
  const names = (localStorage.getItem(COLUMNS) ?? '').split(',').filter(isMetric);
  return names.length === 0 ? [...USUAL_COLUMNS] : names;
}

export const rememberColumns = (names: readonly Metric[]): void => localStorage.setItem(COLUMNS, names.join(','));

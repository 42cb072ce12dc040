// How levels, stops and their figures are called.
import { titleOf } from '../../app/dimensions.ts';
import { count, money } from '../../app/format.ts';
import { isEnd, type Numbers, profitOf } from './flows.ts';
import type { PathMetric } from './search.ts';

export const LEVELS = ['ad', 'campaign', 'flow', 'landingPage', 'offer', 'conversion'] as const;
export const METRIC_WORDS: Readonly<Record<PathMetric, string>> = {
  clicks: 'Clicks',
  conversions: 'Conversions',
  revenue: 'Revenue',
  profit: 'Profit',
};
const STATUSES: Readonly<Record<string, string>> = {
  approved: 'Approved',
  pending: 'Pending',
  hold: 'On hold',
  rejected: 'Rejected',
};

export const levelTitle = (level: string): string => (level === 'conversion' ? 'Conversion' : titleOf(level));

export function stopTitle({ level, key, label }: { level: string; key: string; label: string | null }): string {
  if (level === 'conversion') return STATUSES[key] ?? key;
  return key === 'other' ? 'Others' : (label ?? key);
}

/** At a status there is no share of clicks or cost: what is told is its conversions, or their revenue. */
export function figureOf(numbers: Numbers, node: string, metric: PathMetric, currency: string): string {
  if (metric === 'revenue') return money(numbers.revenue, currency);
  if (metric === 'conversions' || isEnd(node)) return count(numbers.conversions);
  return metric === 'profit' ? money(profitOf(numbers), currency) : count(numbers.clicks);
}

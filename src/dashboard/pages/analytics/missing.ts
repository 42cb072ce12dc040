// What a report misses that can be mended: conversions, or the ads that it is grouped by.
import { isAd } from '../../app/dimensions.ts';
import type { Report } from '../../app/reports.ts';

const sum = (lines: Report['totals'], name: 'clicks' | 'conversions'): number =>
  lines.reduce((all, line) => all + (line[name] ?? 0), 0);

export function missingIn({ totals, rows }: Report, groups: readonly string[]): 'conversions' | 'ads' | null {
  if (sum(totals, 'conversions') === 0 && sum(totals, 'clicks') > 0) return 'conversions';
  const ad = groups.find(isAd);
  return ad !== undefined && rows.length > 0 && rows.every(({ keys }) => !keys[ad as 'ad']) ? 'ads' : null;
}

// Conversions whose log names no campaign: of a day they can only be compared all together.
import { add, isWithin } from './decimal.ts';
import type { CampaignDay, Figures, Tolerances } from './reconciliation.ts';
import { type Compared, REASONS, type Verdicts } from './reconciliation-verdicts.ts';

/**
 * One day's campaigns. Where conversions of ours have no campaign, and the day's sums are the same, what differs from
 * campaign to campaign is explained.
 */
export function explainUnplaced<T extends CampaignDay & Compared>(
  rows: readonly T[],
  lateOf: (row: T) => Figures | null,
  tolerances: Tolerances,
): T[] {
  const hasUnplaced = rows.some(({ campaign, ours }) => campaign === '' && ours.conversions !== '0');
  if (!hasUnplaced) return [...rows];
  const isSameInAll = (column: 'conversions' | 'revenue'): boolean => {
    const sum = (of: (row: T) => string): string => rows.reduce((total, row) => add(total, of(row)), '0');
    const tolerance = sum(() => tolerances[column]);
    const ours = sum((row) => row.ours[column]);
    const theirs = sum((row) => row.theirs[column]);
    return (
      isWithin(ours, theirs, tolerance) ||
      isWithin(
        add(
          ours,
          sum((row) => lateOf(row)?.[column] ?? '0'),
        ),
        theirs,
        tolerance,
      )
    );
  };
  const columns = (['conversions', 'revenue'] as const).filter(isSameInAll);
  return rows.map((row) => {
    const verdicts: Verdicts = { ...row.verdicts };
    for (const column of columns) {
      if (verdicts[column]?.state === 'differs') verdicts[column] = { state: 'explained', reason: REASONS.noCampaign };
    }
    return { ...row, verdicts };
  });
}

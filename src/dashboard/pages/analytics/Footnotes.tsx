// What the words over the columns leave open, beneath the table: fingers cannot hover.
import { isAd } from '../../app/dimensions.ts';
import type { Report } from '../../app/reports.ts';
import { NoAds } from '../../parts/NoAds.tsx';
import { QuietLine } from '../../parts/QuietLine.tsx';
import type { Metric } from './columns.ts';

interface Props {
  groups: readonly string[];
  columns: readonly Metric[];
  report: Report;
}

export function Footnotes({ groups, columns, report: { rows } }: Props) {
  if (rows.length === 0) return null;
  const isWithoutAds = groups.some(
    (name) => isAd(name) && rows.every(({ keys, isRest }) => isRest || keys[name as keyof typeof keys] == null),
  );
  return (
    <>
      {isWithoutAds && <NoAds />}
      {columns.includes('conversions') && (
        <QuietLine>
          Conversions are those approved, pending or on hold; rejected ones are a column of their own.
        </QuietLine>
      )}
    </>
  );
}

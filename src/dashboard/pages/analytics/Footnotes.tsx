// What the words over the columns leave open, beneath the table: fingers cannot hover.
import { QuietLine } from '../../parts/QuietLine.tsx';
import type { Metric } from './columns.ts';

export function Footnotes({ columns }: { columns: readonly Metric[] }) {
  if (!columns.includes('conversions')) return null;
  return (
    <QuietLine>Conversions are those approved, pending or on hold; rejected ones are a column of their own.</QuietLine>
  );
}

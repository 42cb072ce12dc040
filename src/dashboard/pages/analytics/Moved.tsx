// Beneath a figure, by how much it moved; keeps its line where there is nothing to tell.
import { Change } from '../../parts/Change.tsx';
import { drawnOf, type Figures, figureOf, isRate, type Metric } from './columns.ts';
import css from './ReportTable.module.css';

interface Props {
  now: Figures;
  /** Null where it is not known. */
  before: Figures | null;
  metric: Metric;
  currency: string;
  /** Without a tone: many of them would shout. */
  isQuiet?: boolean;
}

export function Moved({ now, before, metric, currency, isQuiet = false }: Props) {
  return (
    <div className={css.before}>
      {before !== null && (
        <Change
          now={drawnOf(now, metric)}
          before={drawnOf(before, metric)}
          against={`Before: ${figureOf(before, metric, currency)}`}
          isNeutral={isQuiet || !GOOD.has(metric)}
          inPoints={isRate(metric) && metric !== 'epc'}
        />
      )}
    </div>
  );
}

/** More of them is better. */
const GOOD: ReadonlySet<Metric> = new Set([
  ...(['conversions', 'approved', 'revenue', 'approvedRevenue', 'profit', 'roi', 'cr', 'epc'] as const),
]);

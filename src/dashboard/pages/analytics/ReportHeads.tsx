// The table's head, which sorts, and its totals: one line a currency.
import { ArrowDown, ArrowUp } from 'lucide-react';
import { titleOf } from '../../app/dimensions.ts';
import type { Report } from '../../app/reports.ts';
import { Change } from '../../parts/Change.tsx';
import { drawnOf, figureOf, isMetric, isRate, type Metric, metricHint, metricTitle } from './columns.ts';
import css from './ReportTable.module.css';

interface HeadsProps {
  groups: readonly string[];
  columns: readonly Metric[];
  sort: { by: string; isDescending: boolean };
  onSort(by: string): void;
}

export function Heads({ groups, columns, sort, onSort }: HeadsProps) {
  const Arrow = sort.isDescending ? ArrowDown : ArrowUp;
  return (
    <tr className={css.heads}>
      {[...groups, ...columns].map((name) => (
        <th
          key={name}
          scope="col"
          data-number={isMetric(name)}
          aria-sort={sort.by !== name ? 'none' : sort.isDescending ? 'descending' : 'ascending'}
        >
          <button
            type="button"
            className={css.sort}
            data-sorted={sort.by === name}
            onClick={() => onSort(name)}
            title={isMetric(name) ? metricHint(name) : undefined}
          >
            {sort.by === name && <Arrow size={12} aria-hidden />}
            <span>{isMetric(name) ? metricTitle(name) : titleOf(name)}</span>
          </button>
        </th>
      ))}
    </tr>
  );
}

type Total = Report['totals'][number];

export interface TotalsProps {
  groups: readonly string[];
  columns: readonly Metric[];
  totals: readonly Total[];
  /** Of the period before, where it is compared with. */
  totalsBefore: readonly Total[] | null;
}

export function Totals({ groups, columns, totals, totalsBefore }: TotalsProps) {
  return totals.map((total, place) => {
    const before = totalsBefore?.find(({ currency }) => currency === total.currency);
    return (
      <tr
        key={total.currency}
        className={css.total}
        data-compared={totalsBefore !== null}
        style={{ '--place': place } as React.CSSProperties}
      >
        <th scope="row" colSpan={1}>
          Total{totals.length > 1 ? ` ${total.currency}` : ''}
        </th>
        {groups.slice(1).map((name) => (
          <td key={name} />
        ))}
        {columns.map((metric) => (
          <td key={metric} data-number>
            {figureOf(total, metric, total.currency)}
            {totalsBefore !== null && (
              <div className={css.before}>
                {before !== undefined && !isRate(metric) && (
                  <Change
                    now={drawnOf(total, metric)}
                    before={drawnOf(before, metric)}
                    against={`Before: ${figureOf(before, metric, total.currency)}`}
                    isNeutral={!GOOD.has(metric)}
                  />
                )}
              </div>
            )}
          </td>
        ))}
      </tr>
    );
  });
}

/** More of them is better. */
const GOOD: ReadonlySet<Metric> = new Set(['conversions', 'approved', 'revenue', 'approvedRevenue', 'profit']);

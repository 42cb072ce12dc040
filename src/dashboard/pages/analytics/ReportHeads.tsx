// The table's head, which sorts, and its totals: one line a currency.
import { ArrowDown, ArrowUp } from 'lucide-react';
import { titleOf } from '../../app/dimensions.ts';
import type { Report } from '../../app/reports.ts';
import { figureOf, isMetric, type Metric, metricHint, metricTitle } from './columns.ts';
import { Moved } from './Moved.tsx';
import css from './ReportTable.module.css';

export interface HeadsProps {
  groups: readonly string[];
  columns: readonly Metric[];
  sort: { by: string; isDescending: boolean };
  isCompared: boolean;
  /** The sorted column ranks by how much it moved. */
  isByMove: boolean;
  onSort(by: string): void;
  onByMove(isByMove: boolean): void;
}

export function Heads({ groups, columns, sort, isCompared, isByMove, onSort, onByMove }: HeadsProps) {
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
          <div className={css.head}>
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
            {isCompared && sort.by === name && isMetric(name) && (
              <button
                type="button"
                className={css.byMove}
                aria-label={`Sort by the change of ${metricTitle(name)}`}
                aria-pressed={isByMove}
                title="Sort by the change"
                onClick={() => onByMove(!isByMove)}
              >
                ±
              </button>
            )}
          </div>
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
  isCompared: boolean;
  /** Of the period before; null where it is not known. */
  totalsBefore: readonly Total[] | null;
}

export function Totals({ groups, columns, totals, isCompared, totalsBefore }: TotalsProps) {
  return totals.map((total, place) => {
    const before = totalsBefore?.find(({ currency }) => currency === total.currency);
    return (
      <tr
        key={total.currency}
        className={css.total}
        data-compared={isCompared}
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
            {isCompared && <Moved now={total} before={before ?? null} metric={metric} currency={total.currency} />}
          </td>
        ))}
      </tr>
    );
  });
}

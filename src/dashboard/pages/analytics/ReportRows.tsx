// The rows of a report: a value opens what is beneath it; profit and ROI are shaded by sign and size.
import type { VirtualItem } from '@tanstack/react-virtual';
import { type CSSProperties, memo, useMemo } from 'react';
import type { ReportLine } from '../../../api/reports-answer.ts';
import type { ReportKey } from '../../app/dimensions.ts';
import { filterValueOf } from '../../app/dimensions.ts';
import { type Labels, useLabels, whyNone } from '../../app/labels.ts';
import type { Whose } from '../../app/shared-names.ts';
import { useWhose } from '../../app/whose.ts';
import type { Before } from './before.ts';
import { drawnOf, figureOf, type Metric } from './columns.ts';
import { Moved } from './Moved.tsx';
import css from './ReportTable.module.css';

export interface BodyProps {
  groups: readonly string[];
  columns: readonly Metric[];
  rows: readonly ReportLine[];
  items: readonly VirtualItem[];
  current: number;
  /** Of the chart's lines, by value of the first dimension. */
  colours: ReadonlyMap<string, string>;
  /** Whether each figure has its change beneath it, once it is known. */
  isCompared: boolean;
  before: Before | null;
  /** The address beneath a value; null where there is none. */
  mayOpen(dimension: string, key: ReportKey | undefined): boolean;
  onOpen(dimension: string, key: ReportKey | undefined): void;
  onCurrent(index: number): void;
}

export function Body({ rows, items, current, onCurrent, ...props }: BodyProps) {
  const labels = useLabels();
  const { groups } = props;
  const keys = useMemo(
    () => rows.flatMap((row) => (row.isRest ? [] : groups.map((name) => keyOf(row, name)))),
    [groups, rows],
  );
  const whose = useWhose(keys, groups.includes('config'));
  const most = useMemo(() => largestProfit(rows), [rows]);
  return items.map(({ index, size }) => (
    <Row
      key={index}
      {...props}
      {...{ index, size, labels, whose, most, onCurrent }}
      row={rows[index]!}
      isCurrent={index === Math.min(current, rows.length - 1)}
    />
  ));
}

interface RowProps extends Omit<BodyProps, 'rows' | 'items' | 'current'> {
  row: ReportLine;
  index: number;
  size: number;
  isCurrent: boolean;
  labels: Labels;
  whose: Whose;
  most: ReadonlyMap<string, number>;
}

/** Drawn once, however often the table scrolls past it. */
const Row = memo(function Row({ row, index, size, isCurrent, labels, whose, most, ...props }: RowProps) {
  const { groups, columns, colours, isCompared, before, mayOpen, onOpen, onCurrent } = props;
  const then = before?.(row) ?? null;
  const open = () => {
    const name = groups.find((group) => mayOpen(group, keyOf(row, group)));
    if (name !== undefined) onOpen(name, keyOf(row, name));
  };
  return (
    <tr
      style={{ height: size }}
      data-index={index}
      tabIndex={isCurrent ? 0 : -1}
      aria-rowindex={index + 2}
      onFocus={() => onCurrent(index)}
      onKeyDown={(event) => event.key === 'Enter' && event.target === event.currentTarget && open()}
    >
      {groups.map((name, place) => {
        const key = keyOf(row, name);
        const words = row.isRest ? (place === 0 ? 'Everything else' : '') : labels(name, key);
        const value = row.isRest ? null : filterValueOf(name, key);
        const beside = row.isRest ? null : whose(key);
        const colour = place === 0 && value !== null ? colours.get(value) : undefined;
        return (
          <td
            key={name}
            title={key === null && !row.isRest ? (whyNone(name) ?? words) : titleOf(words, key)}
            data-none={key === null && !row.isRest}
          >
            <div className={css.value}>
              {colour !== undefined && <span className={css.dot} style={{ background: colour }} />}
              <div className={css.names}>
                {!row.isRest && mayOpen(name, key) ? (
                  <button
                    type="button"
                    className={css.open}
                    tabIndex={isCurrent ? 0 : -1}
                    onClick={() => onOpen(name, key)}
                  >
                    {words}
                  </button>
                ) : (
                  <span className={css.words}>{words}</span>
                )}
                {beside !== null && <span className={css.whose}>{beside}</span>}
              </div>
            </div>
          </td>
        );
      })}
      {columns.map((metric) => (
        <td key={metric} data-number {...heatOf(row, metric, most)}>
          {figureOf(row, metric, row.currency)}
          {isCompared && <Moved now={row} before={then} {...{ metric, currency: row.currency }} isQuiet />}
        </td>
      ))}
    </tr>
  );
});

const keyOf = ({ keys }: ReportLine, name: string) => keys[name as keyof typeof keys];

const titleOf = (words: string, key: ReportKey | undefined): string =>
  typeof key === 'object' && key !== null && key.name !== null ? `${words} · ${key.externalId}` : words;

function largestProfit(rows: readonly ReportLine[]): ReadonlyMap<string, number> {
  const most = new Map<string, number>();
  for (const { profit, currency, isRest } of rows) {
    if (profit !== null && !isRest) most.set(currency, Math.max(most.get(currency) ?? 0, Math.abs(Number(profit))));
  }
  return most;
}

const STRONGEST = 24;

/** How strongly a figure is shaded: profit against the largest of the report, ROI against a hundred percent. */
function heatOf(row: ReportLine, metric: Metric, most: ReadonlyMap<string, number>) {
  if (metric !== 'profit' && metric !== 'roi') return {};
  const value = drawnOf(row, metric) ?? 0;
  const largest = metric === 'roi' ? 100 : (most.get(row.currency) ?? 0);
  if (value === 0 || largest === 0) return {};
  const share = Math.sqrt(Math.min(1, Math.abs(value) / largest));
  return {
    'data-sign': value > 0 ? 'up' : 'down',
    style: { '--heat': `${Math.max(2, Math.round(STRONGEST * share))}%` } as CSSProperties,
  };
}

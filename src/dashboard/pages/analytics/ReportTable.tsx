// The report: a row a group, head and totals always in sight, only those rows drawn that are.
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { Report } from '../../app/reports.ts';
import { Heads, type HeadsProps, Totals, type TotalsProps } from './ReportHeads.tsx';
import { Body, type BodyProps } from './ReportRows.tsx';
import css from './ReportTable.module.css';
import { widthsOf } from './widths.ts';

interface Props
  extends Omit<BodyProps, 'items' | 'current' | 'onCurrent'>,
    Omit<TotalsProps, 'totals'>,
    Omit<HeadsProps, 'onSort'> {
  report: Report;
  isOld: boolean;
  onSort(by: string): void;
}

const ROW_HEIGHT = 36;
/** With the change beneath each figure. */
const COMPARED_HEIGHT = 44;

export function ReportTable({ report, rows, sort, isByMove, isOld, onSort, onByMove, ...props }: Props) {
  const { groups, columns, isCompared } = props;
  const { totals } = report;
  const rowHeight = isCompared ? COMPARED_HEIGHT : ROW_HEIGHT;
  const place = useRef<HTMLElement>(null);
  const [current, setCurrent] = useState(0);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => place.current,
    estimateSize: () => rowHeight,
    overscan: 8,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows of another height are measured anew
  useLayoutEffect(() => virtual.measure(), [rowHeight]);
  const items = virtual.getVirtualItems();
  const before = items[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  const widths = useMemo(() => widthsOf(report, columns, isCompared), [report, columns, isCompared]);
  const figuresWidth = [...widths.values()].reduce((sum, width) => sum + width, 0);

  function focusOn(index: number): boolean {
    const row = place.current?.querySelector<HTMLElement>(`[data-index="${index}"]`);
    row?.focus({ preventScroll: true });
    return row != null;
  }

  function move(event: KeyboardEvent): void {
    const steps: Record<string, number> = {
      ...{ ArrowDown: current + 1, ArrowUp: current - 1, PageDown: current + 12, PageUp: current - 12 },
      ...{ Home: 0, End: rows.length - 1 },
    };
    const step = steps[event.key];
    if (step === undefined || rows.length === 0) return;
    event.preventDefault();
    const next = Math.max(0, Math.min(rows.length - 1, step));
    setCurrent(next);
    virtual.scrollToIndex(next);
    // Far ahead it is drawn in a moment; where it is there, the next key is already its own.
    if (!focusOn(next)) requestAnimationFrame(() => focusOn(next));
  }

  return (
    <section className={css.place} ref={place} data-old={isOld} aria-label="Report" onKeyDown={move}>
      <table
        className={css.table}
        style={{ minWidth: `calc(var(--first) + ${groups.length - 1} * var(--next) + ${figuresWidth}px)` }}
        aria-rowcount={rows.length + totals.length + 1}
        aria-busy={isOld}
      >
        <colgroup>
          {groups.map((name, index) => (
            <col key={name} style={index === 0 ? undefined : { width: 'var(--next)' }} />
          ))}
          {columns.map((metric) => (
            <col key={metric} style={{ width: widths.get(metric) }} />
          ))}
        </colgroup>
        <thead>
          <Heads {...{ groups, columns, sort, isCompared, isByMove, onSort, onByMove }} />
          <Totals {...props} totals={totals} />
        </thead>
        <tbody>
          {before > 0 && <tr aria-hidden style={{ height: before }} />}
          <Body {...props} rows={rows} items={items} current={current} onCurrent={setCurrent} />
          {after > 0 && <tr aria-hidden style={{ height: after }} />}
        </tbody>
      </table>
    </section>
  );
}

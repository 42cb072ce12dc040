// A dense table: sticky head, rows that open by click and by keyboard, and only those drawn that are in sight.
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, memo, type ReactNode, useLayoutEffect, useMemo, useRef, useState } from 'react';
import css from './Table.module.css';

export interface Column<T> {
  key: string;
  title: string;
  /** In pixels; without one it takes what is left. */
  width?: number;
  isNumber?: boolean;
  /** The least width of the window at which it is shown. */
  from?: 640 | 900 | 1200;
  cell(row: T): ReactNode;
}

export interface TableProps<T> {
  /** What it lists, for screen readers. */
  label: string;
  columns: readonly Column<T>[];
  rows: readonly T[];
  idOf(row: T): string;
  rowHeight?: number;
  onOpen?(row: T): void;
}

const USUAL_HEIGHT = 36;

export function Table<T>({ label, columns, rows, idOf, rowHeight = USUAL_HEIGHT, onOpen }: TableProps<T>) {
  const body = useRef<HTMLTableSectionElement>(null);
  const [scrollMargin, setScrollMargin] = useState(0);
  const [current, setCurrent] = useState(0);
  // What stands above may grow or shrink while the table is shown.
  useLayoutEffect(() => {
    const measure = () => {
      const top = body.current?.getBoundingClientRect().top ?? 0;
      setScrollMargin(Math.round(top + window.scrollY));
    };
    measure();
    const resized = new ResizeObserver(measure);
    resized.observe(document.body);
    return () => resized.disconnect();
  }, []);
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => rowHeight,
    overscan: 12,
    scrollMargin,
    // The bar above and the head stay in sight.
    scrollPaddingStart: 80,
  });
  const items = virtual.getVirtualItems();
  const before = (items[0]?.start ?? scrollMargin) - scrollMargin;
  const after = virtual.getTotalSize() - ((items.at(-1)?.end ?? scrollMargin) - scrollMargin);

  function move(event: KeyboardEvent, index: number, row: T): void {
    if (event.target !== event.currentTarget) return;
    if (event.key === 'Enter') onOpen?.(row);
    const steps: Record<string, number> = {
      ArrowDown: index + 1,
      ArrowUp: index - 1,
      Home: 0,
      End: rows.length - 1,
    };
    const next = steps[event.key];
    if (next === undefined || next < 0 || next >= rows.length) return;
    event.preventDefault();
    setCurrent(next);
    virtual.scrollToIndex(next);
    // Far ahead it is drawn in a moment; where it is there, the next key is already its own.
    if (!focusOn(next)) requestAnimationFrame(() => focusOn(next));
  }

  function focusOn(index: number): boolean {
    const row = body.current?.querySelector<HTMLElement>(`[data-index="${index}"]`);
    row?.focus({ preventScroll: true });
    return row != null;
  }

  const latest = useRef({ move, onOpen });
  latest.current = { move, onOpen };
  /** The same for as long as the table is there: a row that scrolls along is not drawn again. */
  const deeds = useMemo(
    (): Deeds<T> => ({
      open: (row) => latest.current.onOpen?.(row),
      move: (event, index, row) => latest.current.move(event, index, row),
      come: setCurrent,
    }),
    [],
  );
  const opens = onOpen !== undefined;

  return (
    <table className={css.table} aria-label={label} aria-rowcount={rows.length + 1}>
      <colgroup>
        {columns.map(({ key, width, from }) => (
          <col key={key} data-from={from} style={width === undefined ? undefined : { width }} />
        ))}
      </colgroup>
      <thead>
        <tr>
          {columns.map(({ key, title, isNumber, from }) => (
            <th key={key} scope="col" data-number={isNumber} data-from={from}>
              {title === '' ? <span className={css.unseen}>Actions</span> : title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody ref={body}>
        {before > 0 && <tr aria-hidden style={{ height: before }} />}
        {items.map(({ index }) => {
          const row = rows[index]!;
          const isCurrent = index === Math.min(current, rows.length - 1);
          return <Row key={idOf(row)} {...{ row, index, columns, rowHeight, opens, isCurrent, deeds }} />;
        })}
        {after > 0 && <tr aria-hidden style={{ height: after }} />}
      </tbody>
    </table>
  );
}

interface Deeds<T> {
  open(row: T): void;
  move(event: KeyboardEvent, index: number, row: T): void;
  come(index: number): void;
}

interface RowProps<T> extends Pick<TableProps<T>, 'columns'> {
  row: T;
  index: number;
  rowHeight: number;
  opens: boolean;
  isCurrent: boolean;
  deeds: Deeds<T>;
}

const Row = memo(function Row<T>({ row, index, columns, rowHeight, opens, isCurrent, deeds }: RowProps<T>) {
  return (
    <tr
      className={css.row}
      style={{ height: rowHeight }}
      data-index={index}
      data-opens={opens}
      aria-rowindex={index + 2}
      tabIndex={opens ? (isCurrent ? 0 : -1) : undefined}
      onFocus={() => deeds.come(index)}
      onClick={() => deeds.open(row)}
      onKeyDown={(event) => deeds.move(event, index, row)}
    >
      {columns.map(({ key, isNumber, from, cell }) => (
        <td key={key} data-number={isNumber} data-from={from}>
          {cell(row)}
        </td>
      ))}
    </tr>
  );
}) as <T>(props: RowProps<T>) => ReactNode;

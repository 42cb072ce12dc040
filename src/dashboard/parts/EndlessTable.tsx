// A table over a list that goes on: skeletons first, what is missing said, the next page read before its end is reached.
import { Button } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';
import type { Endless } from '../app/endless.ts';
import { Notice } from './Notice.tsx';
import css from './parts.module.css';
import { Table, type TableProps } from './Table.tsx';
import { Waiting } from './Waiting.tsx';

interface Props<T> extends Omit<TableProps<T>, 'rows'> {
  list: Endless<T>;
  /** Instead of no rows. */
  empty: ReactNode;
}

const AHEAD = '600px';

export function EndlessTable<T>({ list, empty, ...table }: Props<T>) {
  const end = useRef<HTMLDivElement>(null);
  const { rows, error, hasMore, isReading, isEarlier } = list;
  const readMore = useRef(list.readMore);
  readMore.current = list.readMore;
  // Whether the end is in sight is asked anew after every page: a short one may leave it there.
  const known = rows?.length;
  useEffect(() => {
    if (end.current === null || !hasMore || known === undefined) return;
    const sight = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting) readMore.current();
      },
      { rootMargin: AHEAD },
    );
    sight.observe(end.current);
    return () => sight.disconnect();
  }, [hasMore, known]);

  if (rows === undefined)
    return error === null ? (
      <Waiting lines={10} height={table.rowHeight} />
    ) : (
      <Notice tone="bad" title={error.message} />
    );
  if (rows.length === 0) return empty;
  return (
    <div aria-busy={isReading} className={isEarlier ? css.earlier : undefined}>
      <Table {...table} rows={rows} />
      {error !== null && (
        <Notice
          tone="bad"
          title={error.message}
          action={
            <Button size="xs" variant="default" onClick={list.readMore}>
              Try again
            </Button>
          }
        />
      )}
      <div ref={end} className={css.listEnd}>
        {hasMore ? 'Reading on…' : null}
      </div>
    </div>
  );
}

// One past day: its figures before and after, and the moves that made the difference.
import { count, dayOf, money } from '../../app/format.ts';
import { wordOf } from '../../app/statuses.ts';
import { StatusWord } from '../../parts/StatusWord.tsx';
import { type Column, Table } from '../../parts/Table.tsx';
import { Figures } from './Figures.tsx';
import { Spend } from './Spend.tsx';
import type { DayRow, Item, MovedDay, SpendMove } from './search.ts';
import { KINDS, largestFirst, withSign } from './sums.ts';
import css from './WhatMoved.module.css';

interface Props {
  moved: MovedDay & { spend: readonly SpendMove[] };
  yesterday: string;
  now: readonly DayRow[];
  isPhone: boolean;
  trackerOf(configId: string): string;
  onOpen(item: Item): void;
}

export function DayMoves({ moved, yesterday, now, isPhone, trackerOf, onOpen }: Props) {
  const { day, items, spend } = moved;
  const title = day === yesterday ? `Yesterday, ${dayOf(day)}` : dayOf(day);
  return (
    <section className={css.day} aria-label={title}>
      <h2>{title}</h2>
      <Figures moved={moved} now={now} />
      <Spend moves={spend} />
      {items.length > 0 && (
        <Table
          label={`What moved on ${dayOf(day)}`}
          columns={columnsOf(trackerOf)}
          rows={largestFirst(items)}
          rowHeight={isPhone ? 56 : 36}
          idOf={(item) => JSON.stringify([item.configId, item.kind, item.before, item.now, item.currency])}
          onOpen={onOpen}
        />
      )}
    </section>
  );
}

const By = ({ value, told }: { value: string; told: string }) => (
  <span data-sign={value.startsWith('-') ? -1 : 1} className={/^0$/.test(value) ? css.muted : css.by}>
    {value === '0' ? '–' : withSign(value, told)}
  </span>
);

const columnsOf = (trackerOf: (configId: string) => string): Column<Item>[] => [
  {
    ...{ key: 'what', title: 'What' },
    cell: (item) => (
      <>
        <span className={css.what}>
          {item.before !== null && item.kind === 'turned' && (
            <>
              <StatusWord {...item.before} />
              <span aria-hidden>→</span>
              <span className={css.unseen}>became</span>
            </>
          )}
          <StatusWord {...item.now} />
          <span className={css.raw}>{rawOf(item)}</span>
        </span>
        <span className={css.small}>
          {KINDS[item.kind]} · {trackerOf(item.configId)} · {count(item.moved)}
        </span>
      </>
    ),
  },
  { key: 'kind', title: 'Why', width: 150, from: 640, cell: ({ kind }) => KINDS[kind] },
  {
    key: 'tracker',
    title: 'Tracker',
    width: 200,
    from: 900,
    cell: ({ configId }) => <span title={trackerOf(configId)}>{trackerOf(configId)}</span>,
  },
  { key: 'moved', title: 'Moved', width: 80, isNumber: true, from: 640, cell: ({ moved }) => count(moved) },
  {
    ...{ key: 'conversions', title: 'Conversions', width: 110, isNumber: true, from: 900 },
    cell: ({ conversions }) => <By value={String(conversions)} told={count(conversions)} />,
  },
  {
    ...{ key: 'approved', title: 'Approved', width: 150, isNumber: true, from: 900 },
    cell: ({ approvedRevenue, currency }) => <By value={approvedRevenue} told={money(approvedRevenue, currency)} />,
  },
  {
    ...{ key: 'revenue', title: 'Revenue', width: 150, isNumber: true },
    cell: ({ revenue, currency }) => <By value={revenue} told={money(revenue, currency)} />,
  },
];

function rawOf({ kind, before, now }: Item): string {
  const word = wordOf(now.rawStatus);
  return kind === 'turned' && before !== null ? `${wordOf(before.rawStatus)} → ${word}` : word;
}

// What a line of the trackers' table tells.
import { Tooltip } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { count, hostOf, money } from '../../app/format.ts';
import { type Day, daysIn, daysQuery, historyDaysOf, isLarge, type Report, type Tracker } from '../../app/trackers.ts';
import { Change } from '../../parts/Change.tsx';
import { ConversionCount } from '../../parts/ConversionCount.tsx';
import { Mark } from '../../parts/Mark.tsx';
import { RelativeTime } from '../../parts/RelativeTime.tsx';
import { StateBadge } from '../../parts/StateBadge.tsx';
import { Strip } from '../../parts/Strip.tsx';
import type { Column } from '../../parts/Table.tsx';
import { UnmappedLink } from '../../parts/UnmappedLink.tsx';
import { RowMenu } from './RowMenu.tsx';
import css from './Trackers.module.css';

type Rows = Report['rows'];

export interface Line {
  tracker: Tracker;
  letters: string;
  title: string;
  percent: number | null;
  days: readonly Day[];
  /** Status words that nobody has given a meaning. */
  unmapped: readonly string[];
  /** A row per currency; null until it is known. */
  now: Rows | null;
  /** What is held against yesterday: as much of today as is known of every tracker, and the same hours of the day before. */
  known: Rows | null;
  before: Rows | null;
}

/** Where a column of its own has no room, the conversions stand below the clicks, or below the revenue. */
const BY_CONVERSION = 'Of today, by the time of the conversion, wherever its click was';

export function columnsOf(hasMenu: boolean): Column<Line>[] {
  return [
    { key: 'tracker', title: 'Tracker', cell: (line) => <Name {...line} /> },
    { key: 'state', title: 'State', width: 200, from: 640, cell: (line) => <State {...line} /> },
    { key: 'days', title: 'Last 14 days', width: 160, from: 900, cell: ({ days }) => <Strip days={days} /> },
    {
      ...{ key: 'clicks', title: 'Clicks today', width: 128, isNumber: true, from: 900 },
      cell: (line) => (
        <>
          <Counted {...line} column="clicks" />
          <Below from={900} {...line} />
        </>
      ),
    },
    {
      ...{ key: 'conversions', title: 'Conversions', hint: BY_CONVERSION, width: 128, isNumber: true, from: 1200 },
      cell: (line) => <Counted {...line} column="conversions" />,
    },
    {
      ...{ key: 'revenue', title: 'Revenue today', hint: BY_CONVERSION, width: 120, isNumber: true },
      cell: (line) => (
        <>
          <Revenue now={line.now} />
          <Below from={0} {...line} />
        </>
      ),
    },
    {
      ...{ key: 'next', title: 'Next sync', width: 92, isNumber: true, from: 1200 },
      cell: ({ tracker }) => <RelativeTime at={tracker.nextSyncAt} />,
    },
    ...(hasMenu ? [MENU] : []),
  ];
}

const MENU: Column<Line> = {
  ...{ key: 'menu', title: '', width: 52 },
  cell: ({ tracker }) => <RowMenu tracker={tracker} />,
};

function Name({ tracker, letters, title, percent, unmapped }: Line) {
  return (
    <div className={css.name}>
      <Mark letters={letters} />
      <div className={css.lines}>
        <Link
          to="/trackers/$configId"
          params={{ configId: tracker.id }}
          className={css.first}
          title={tracker.name}
          onClick={(event) => event.stopPropagation()}
        >
          {tracker.name}
        </Link>
        <div className={css.host}>
          {title} · {hostOf(tracker.url)}
        </div>
        <div className={css.small}>
          <StateBadge tracker={tracker} percent={percent} />
          <div className={css.reason}>
            <Reason tracker={tracker} unmapped={unmapped} />
          </div>
        </div>
      </div>
    </div>
  );
}

function State({ tracker, percent, unmapped }: Line) {
  return (
    <div className={css.lines}>
      <StateBadge tracker={tracker} percent={percent} />
      <div className={css.reason}>
        <Reason tracker={tracker} unmapped={unmapped} />
      </div>
    </div>
  );
}

function Reason({ tracker, unmapped }: Pick<Line, 'tracker' | 'unmapped'>) {
  const isLong = isLarge(tracker) && tracker.lastError === null;
  // The history may be longer than the list's strip.
  const { data } = useQuery({ ...daysQuery(historyDaysOf(tracker), tracker.id), enabled: isLong });
  const told = isLong ? daysIn(data?.[0]?.days ?? [], tracker) : null;
  const words = isLong ? `Large tracker${told === null ? '' : `: ${told} in, newest first`}` : reasonOf(tracker);
  if (words === null && unmapped.length > 0) return <UnmappedLink configId={tracker.id} words={unmapped} />;
  if (words === null) return tracker.nextSyncAt === null ? null : <Next at={tracker.nextSyncAt} />;
  return (
    <Tooltip label={words} multiline maw={360}>
      <span>{words}</span>
    </Tooltip>
  );
}

/** Where its column has no room. */
const Next = ({ at }: { at: string }) => (
  <span className={css.next}>
    Next sync <RelativeTime at={at} />
  </span>
);

/** What is wrong and what to do. */
const toldOf = (error: Tracker['lastError']): string | null =>
  error === null ? null : [error.message, error.hint].filter((part) => part !== null && part !== '').join('. ');

function reasonOf({ state, stateReason, lastError }: Tracker): string | null {
  if (state === 'needs_attention' || lastError !== null) return toldOf(lastError) ?? stateReason ?? null;
  return null;
}

/** Counts of all currencies: a click has none. */
const sumOf = (rows: Rows, column: 'clicks' | 'conversions'): number | null =>
  rows.some((row) => row[column] === null) ? null : rows.reduce((sum, row) => sum + (row[column] ?? 0), 0);

/** Clicks of a whole day's total, which knows no hours, are no measure for a part of a day. */
const isByHours = (rows: Rows, column: 'clicks' | 'conversions'): boolean =>
  column === 'conversions' || rows.every(({ uniqueClicks }) => uniqueClicks !== null);

function Counted({ tracker, now, known, before, column }: Line & { column: 'clicks' | 'conversions' }) {
  // What was never read is unknown, not nothing.
  if (now === null || (now.length === 0 && tracker.lastSyncedAt === null)) return <>–</>;
  const figure = sumOf(now, column);
  // Of a tracker that is behind, today ends earlier than that of the others.
  const isComparable = tracker.state === 'synced' && !tracker.isStale;
  const hasBefore = isComparable && known !== null && before !== null && isByHours(before, column);
  return (
    <>
      {column === 'conversions' ? <ConversionCount tracker={tracker} value={figure} /> : count(figure)}
      {figure !== null && (
        <Change {...(hasBefore ? { now: sumOf(known, column), before: sumOf(before, column) } : NONE)} />
      )}
    </>
  );
}

const NONE = { now: null, before: null };

function Below({ tracker, now, from }: Line & { from: 0 | 900 }) {
  if (now === null || (now.length === 0 && tracker.lastSyncedAt === null)) return null;
  const figure = sumOf(now, 'conversions');
  return (
    <div className={css.below} data-from={from}>
      <ConversionCount tracker={tracker} value={figure} /> {figure === 1 ? 'conversion' : 'conversions'}
    </div>
  );
}

function Revenue({ now }: { now: Rows | null }) {
  if (now === null || now.length === 0) return <>–</>;
  return (
    <>
      {now.map(({ currency, revenue }) => (
        <div key={currency}>{money(revenue, currency)}</div>
      ))}
    </>
  );
}

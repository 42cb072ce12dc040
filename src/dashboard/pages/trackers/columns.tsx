// What a line of the trackers' table tells.
import { Tooltip } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { count, hostOf, money } from '../../app/format.ts';
import type { Day, Report, Tracker } from '../../app/trackers.ts';
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
  before: Rows;
}

const LONG_MS = 30 * 60_000;

export function columnsOf(): Column<Line>[] {
  return [
    { key: 'tracker', title: 'Tracker', cell: (line) => <Name {...line} /> },
    { key: 'state', title: 'State', width: 200, from: 640, cell: (line) => <State {...line} /> },
    { key: 'days', title: 'Last 14 days', width: 160, from: 900, cell: ({ days }) => <Strip days={days} /> },
    {
      ...{ key: 'clicks', title: 'Clicks today', width: 128, isNumber: true, from: 900 },
      cell: (line) => <Counted {...line} column="clicks" />,
    },
    {
      ...{ key: 'conversions', title: 'Conversions', width: 128, isNumber: true, from: 1200 },
      cell: (line) => <Counted {...line} column="conversions" />,
    },
    {
      ...{ key: 'revenue', title: 'Revenue today', width: 130, isNumber: true },
      cell: ({ now }) => <Revenue now={now} />,
    },
    {
      ...{ key: 'next', title: 'Next sync', width: 92, isNumber: true, from: 1200 },
      cell: ({ tracker }) => <RelativeTime at={tracker.nextSyncAt} />,
    },
    { key: 'menu', title: '', width: 52, from: 640, cell: ({ tracker }) => <RowMenu tracker={tracker} /> },
  ];
}

function Name({ tracker, letters, title, percent, days, unmapped }: Line) {
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
            {reasonOf(tracker, days) ?? <UnmappedLink configId={tracker.id} words={unmapped} />}
          </div>
        </div>
      </div>
    </div>
  );
}

function State({ tracker, percent, days, unmapped }: Line) {
  const words = reasonOf(tracker, days);
  return (
    <div className={css.lines}>
      <StateBadge tracker={tracker} percent={percent} />
      {words === null ? (
        <div>
          <UnmappedLink configId={tracker.id} words={unmapped} />
        </div>
      ) : (
        <Tooltip label={words} multiline maw={360}>
          <div className={css.reason}>{words}</div>
        </Tooltip>
      )}
    </div>
  );
}

/** What is wrong and what to do. */
const toldOf = (error: Tracker['lastError']): string | null =>
  error === null ? null : [error.message, error.hint].filter((part) => part !== null && part !== '').join('. ');

function reasonOf(tracker: Tracker, days: readonly Day[]): string | null {
  const { state, stateReason, lastSyncedAt, createdAt, lastError } = tracker;
  const isLong = state === 'syncing' && lastSyncedAt === null && Date.now() - Date.parse(createdAt) > LONG_MS;
  if (isLong && lastError === null) {
    const asked = days.filter(({ filled }) => filled !== null);
    const whole = asked.filter(({ filled }) => filled === 1).length;
    return `Large tracker: ${whole} of ${asked.length} days in, newest first`;
  }
  if (state === 'needs_attention' || lastError !== null) return toldOf(lastError) ?? stateReason ?? null;
  return null;
}

/** Counts of all currencies: a click has none. */
const sumOf = (rows: Rows, column: 'clicks' | 'conversions'): number | null =>
  rows.some((row) => row[column] === null) ? null : rows.reduce((sum, row) => sum + (row[column] ?? 0), 0);

/** Clicks of a whole day's total, which knows no hours, are no measure for a part of a day. */
const isByHours = (rows: Rows, column: 'clicks' | 'conversions'): boolean =>
  column === 'conversions' || rows.every(({ uniqueClicks }) => uniqueClicks !== null);

function Counted({ tracker, now, before, column }: Line & { column: 'clicks' | 'conversions' }) {
  // What was never read is unknown, not nothing.
  if (now === null || (now.length === 0 && tracker.lastSyncedAt === null)) return <>–</>;
  const figure = sumOf(now, column);
  // Of a tracker that is behind, today ends earlier than yesterday did.
  const isComparable = tracker.state === 'synced' && !tracker.isStale && isByHours(before, column);
  return (
    <>
      {column === 'conversions' ? <ConversionCount tracker={tracker} value={figure} /> : count(figure)}
      {figure !== null && <Change now={figure} before={isComparable ? sumOf(before, column) : null} />}
    </>
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

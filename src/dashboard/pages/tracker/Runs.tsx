// What was carried out, newest first.
import { Tooltip } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { count } from '../../app/format.ts';
import { type Run, runsQuery, type Tracker } from '../../app/trackers.ts';
import { Pending } from '../../parts/Pending.tsx';
import { RelativeTime } from '../../parts/RelativeTime.tsx';
import { Section } from '../../parts/Section.tsx';
import { type Column, Table } from '../../parts/Table.tsx';
import css from './Tracker.module.css';

const KINDS: Readonly<Record<Run['kind'], string>> = {
  backfill: 'First sync',
  cycle: 'Sync',
  reread: 'Late changes',
  resync: 'Re-sync',
  catalog: 'Catalog',
};
const STATES: Readonly<Record<Run['state'], readonly [string, string]>> = {
  queued: ['Queued', 'quiet'],
  running: ['Running', 'info'],
  done: ['Done', 'ok'],
  failed: ['Failed', 'bad'],
  cancelled: ['Cancelled', 'quiet'],
};
/** Nothing of it is carried out meanwhile. */
const PAUSED = ['Paused', 'quiet'] as const;

const SHOWN = 50;

const columnsOf = (isPaused: boolean): Column<Run>[] => [
  { key: 'kind', title: 'What', cell: ({ kind }) => KINDS[kind] },
  {
    ...{ key: 'state', title: 'State', width: 150 },
    cell: ({ state, error, rowsUnreadable, firstUnreadableReason }) => {
      const [told, tone] = isPaused && (state === 'running' || state === 'queued') ? PAUSED : STATES[state];
      const words = error?.message ?? (rowsUnreadable > 0 ? firstUnreadableReason : null);
      return (
        <Tooltip label={words} disabled={words === null} multiline maw={360}>
          <span className={css.runState} tabIndex={words === null ? undefined : 0}>
            <span className={css.runDot} data-tone={tone} aria-hidden />
            <span className={words === null ? undefined : css.noted}>{told}</span>
          </span>
        </Tooltip>
      );
    },
  },
  {
    ...{ key: 'started', title: 'Began', width: 110, isNumber: true },
    cell: ({ startedAt, queuedAt }) => <RelativeTime at={startedAt ?? queuedAt} />,
  },
  {
    ...{ key: 'took', title: 'Took', width: 90, isNumber: true, from: 900 },
    cell: ({ startedAt, finishedAt }) => (startedAt && finishedAt ? took(startedAt, finishedAt) : '–'),
  },
  { key: 'requests', title: 'Calls', width: 90, isNumber: true, from: 640, cell: ({ requests }) => count(requests) },
  { key: 'read', title: 'Rows read', width: 110, isNumber: true, from: 900, cell: ({ rowsRead }) => count(rowsRead) },
  {
    ...{ key: 'written', title: 'New or changed', width: 130, isNumber: true, from: 640 },
    cell: ({ rowsWritten }) => count(rowsWritten),
  },
  {
    ...{ key: 'unreadable', title: 'Unreadable', width: 100, isNumber: true, from: 1200 },
    cell: ({ rowsUnreadable }) => (rowsUnreadable === 0 ? '–' : count(rowsUnreadable)),
  },
];

function took(from: string, to: string): string {
  const seconds = (Date.parse(to) - Date.parse(from)) / 1_000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 100) return `${Math.round(seconds)} s`;
  return seconds < 6_000 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3_600).toFixed(1)} h`;
}

export function Runs({ tracker }: { tracker: Tracker }) {
  const { data: runs, error } = useQuery(runsQuery(tracker.id));
  return (
    <Section title="Runs" aside="The latest 50">
      {runs === undefined ? (
        <Pending error={error} lines={5} />
      ) : runs.length === 0 ? (
        <p className={css.muted}>Nothing has been read yet.</p>
      ) : (
        <Table
          label="Runs"
          columns={columnsOf(tracker.state === 'paused')}
          rows={runs.slice(0, SHOWN)}
          idOf={({ id }) => id}
        />
      )}
    </Section>
  );
}

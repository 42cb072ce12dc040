// What a tracker is doing, as a dot and a word; that it is behind is said beside it.
import { Tooltip } from '@mantine/core';
import { exact, relative } from '../app/format.ts';
import type { Tracker } from '../app/trackers.ts';
import { useNow } from './now.ts';
import css from './parts.module.css';

type Tone = 'ok' | 'info' | 'warn' | 'bad' | 'quiet';
const TONES: Readonly<Record<Tracker['state'], Tone>> = {
  pending: 'info',
  syncing: 'info',
  synced: 'ok',
  pausing: 'quiet',
  paused: 'quiet',
  needs_attention: 'bad',
  deleting: 'quiet',
};
const LOGS = { clicks: 'no click log', conversions: 'no conversions' } as const;

export function StateBadge({ tracker, percent }: { tracker: Tracker; percent?: number | null }) {
  const now = useNow(10_000);
  const isMoving = tracker.state === 'syncing' || tracker.state === 'pausing';
  const { state, lastSyncedAt, nextSyncAt } = tracker;
  const told =
    state !== 'synced' || lastSyncedAt === null
      ? []
      : [`Synced ${exact(lastSyncedAt)}`, ...(nextSyncAt === null ? [] : [`next ${relative(nextSyncAt, now)}`])];
  return (
    <span className={css.state}>
      <span className={css.dot} data-tone={TONES[tracker.state]} data-moves={isMoving} aria-hidden />
      <Tooltip label={told.join(', ')} disabled={told.length === 0} multiline maw={360}>
        <span>{wordOf(tracker, percent ?? null, now)}</span>
      </Tooltip>
      {tracker.isStale && tracker.state === 'synced' && <span className={css.tag}>Stale</span>}
    </span>
  );
}

function wordOf(tracker: Tracker, percent: number | null, now: number): string {
  switch (tracker.state) {
    case 'pending':
      return 'Syncing';
    case 'syncing':
      return percent === null ? 'Syncing' : `Syncing ${Math.floor(percent)} %`;
    case 'pausing':
      return 'Pausing…';
    case 'paused':
      return 'Paused';
    case 'needs_attention':
      return 'Needs attention';
    case 'deleting':
      return 'Deleting…';
    case 'synced': {
      const gone = (['clicks', 'conversions'] as const).find((log) => tracker.resources[log]?.state === 'unavailable');
      if (gone !== undefined) return `Synced · ${LOGS[gone]}`;
      return tracker.lastSyncedAt === null ? 'Synced' : `Synced ${relative(tracker.lastSyncedAt, now)}`;
    }
  }
}

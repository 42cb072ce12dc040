// The hero: thirty days, or as many as the history has, how far the sync is, how fast, how long still, and the newest time that is in.
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { count, dayOf, duration } from '../../app/format.ts';
import {
  daysIn,
  daysQuery,
  historyDaysOf,
  isLarge,
  isSyncing,
  progressQuery,
  type Tracker,
} from '../../app/trackers.ts';
import { ConversionCount } from '../../parts/ConversionCount.tsx';
import { RelativeTime } from '../../parts/RelativeTime.tsx';
import { Strip } from '../../parts/Strip.tsx';
import css from './Tracker.module.css';

const LEAST_DAYS = 30;
const RESTING: Partial<Record<Tracker['state'], string>> = {
  pausing: 'Stopping after the page that is being read',
  paused: 'Nothing is read until you resume',
  needs_attention: 'Nothing is read until this is mended',
};

function restingOf({ state, resources }: Tracker): string | undefined {
  if (state !== 'synced') return RESTING[state];
  const isCompared = resources.totals !== undefined && resources.totals.state !== 'unavailable';
  return isCompared ? 'Kept current, and compared with the tracker' : 'Kept current';
}

export function Progress({ tracker }: { tracker: Tracker }) {
  const isBusy = isSyncing(tracker);
  const { data: progress } = useQuery(progressQuery(tracker.id, isBusy));
  const { data: ofTracker } = useQuery(daysQuery(Math.max(LEAST_DAYS, historyDaysOf(tracker)), tracker.id));
  const days = ofTracker?.[0]?.days ?? [];
  const told = daysIn(days, tracker);
  const percent = progress?.percent ?? 0;

  return (
    <section className={css.hero} aria-label="Progress">
      <div className={css.figures}>
        <div className={css.big}>
          {progress === undefined ? '–' : isBusy ? percent.toFixed(percent < 100 ? 1 : 0) : Math.floor(percent)}
          <span> %</span>
        </div>
        <div className={css.said}>
          <div>
            {told === null
              ? 'Nothing is in yet'
              : isLarge(tracker)
                ? `Large tracker: ${told} in, newest first`
                : `${told} are in`}
          </div>
          <div className={css.muted}>{isBusy ? timeLeft(progress) : restingOf(tracker)}</div>
        </div>
        <dl className={css.facts}>
          <Fact name="Clicks">{count(progress?.rows.clicks)}</Fact>
          <Fact name="Conversions">
            <ConversionCount tracker={tracker} value={progress?.rows.conversions} />
          </Fact>
          {isBusy ? (
            <Fact name="Rows a second">
              {progress?.rowsPerSecond == null ? '–' : count(Math.round(progress.rowsPerSecond))}
            </Fact>
          ) : (
            <Fact name="Next sync">
              <RelativeTime at={tracker.nextSyncAt} />
            </Fact>
          )}
          <Fact name="Newest time read">
            <RelativeTime at={progress?.newestReadAt ?? null} />
          </Fact>
        </dl>
      </div>
      <Strip days={days} size="large" />
      <div className={css.axis}>
        <span>{days[0] === undefined ? '' : dayOf(days[0].day)}</span>
        <span>Today, UTC</span>
      </div>
    </section>
  );
}

function timeLeft(progress: { phase: string; etaSeconds: number | null } | undefined): string {
  if (progress === undefined) return '';
  if (progress.phase === 'waiting') return 'Waiting for its turn';
  if (progress.phase === 'catalog') return 'Reading campaigns, offers and the rest of the catalog';
  return progress.etaSeconds === null
    ? 'Working out how long it takes'
    : `${capital(duration(progress.etaSeconds))} to go`;
}

const capital = (words: string): string => words.slice(0, 1).toUpperCase() + words.slice(1);

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

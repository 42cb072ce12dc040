// The trackers as the API tells of them, and how often each part is asked for again.
import { queryOptions } from '@tanstack/react-query';
import { answered, api } from './client.ts';
import { ownZone, rangeOf, todayAgainstYesterday } from './range.ts';

export type Tracker = Awaited<ReturnType<typeof readTrackers>>[number];
export type TrackerType = Awaited<ReturnType<typeof readTypes>>[number];
export type Day = Awaited<ReturnType<typeof readDays>>[number]['days'][number];
export type Run = Awaited<ReturnType<typeof readRuns>>[number];
export type Report = Awaited<ReturnType<typeof readToday>>['now'];

const MOST = 1_000;

async function readTrackers() {
  const items = [];
  let cursor: string | undefined;
  do {
    const page = await answered(api.trackers.$get({ query: { limit: String(MOST), ...(cursor && { cursor }) } }));
    items.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return items;
}

const readTypes = () => answered(api.trackers.types.$get());
const readDays = (days: number, configId?: string) =>
  answered(api.trackers.days.$get({ query: { days: String(days), ...(configId && { configId }) } }));
export const MOST_RUNS = 200;
const readRuns = async (configId: string) =>
  (await answered(api.trackers[':configId'].runs.$get({ param: { configId }, query: { limit: String(MOST_RUNS) } })))
    .items;
/** The latest ones. */
export const readCalls = (configId: string) =>
  answered(api.trackers[':configId'].requests.$get({ param: { configId }, query: { limit: '10' } }));

/**
 * Since midnight where the reader is; and, to tell what has changed, as much of it as is known of every tracker, against
 * the same hours of yesterday.
 */
async function readToday() {
  const nowMs = Date.now();
  const tz = ownZone();
  const ask = (span: { from: string; to: string }) =>
    answered(api.reports.$get({ query: { groupBy: 'config', tz, by: 'conversion', ...span } }));
  const now = await ask({ from: rangeOf({ range: 'today', tz }, nowMs).from, to: new Date(nowMs).toISOString() });
  const spans = now.asOf === null ? null : todayAgainstYesterday(Math.min(Date.parse(now.asOf), nowMs), nowMs, tz);
  const [known, before] = spans === null ? [null, null] : await Promise.all(spans.map(ask));
  return { now, known: known ?? null, before: before ?? null };
}

export const trackersQuery = queryOptions({
  queryKey: ['trackers'],
  queryFn: readTrackers,
  refetchInterval: 15_000,
});
export const typesQuery = queryOptions({
  queryKey: ['types'],
  queryFn: readTypes,
  staleTime: Number.POSITIVE_INFINITY,
});
export const todayQuery = queryOptions({ queryKey: ['today'], queryFn: readToday, refetchInterval: 60_000 });
export const daysQuery = (days: number, configId?: string) =>
  queryOptions({
    queryKey: ['days', days, configId ?? null],
    queryFn: () => readDays(days, configId),
    refetchInterval: 30_000,
  });

/** How many days its first sync reads. */
export const historyDaysOf = ({ settings }: Tracker): number => Number(settings.backfillDays ?? 30);

/** `12 of 30 days`: while the first sync is open, of those that it reads; null where none was asked for. */
export function daysIn(days: readonly Day[], tracker: Tracker): string | null {
  const read = tracker.lastSyncedAt === null ? days.slice(-historyDaysOf(tracker)) : days;
  const asked = read.filter(({ filled }) => filled !== null);
  const whole = asked.filter(({ filled }) => filled === 1).length;
  return asked.length === 0 ? null : `${whole} of ${asked.length} ${asked.length === 1 ? 'day' : 'days'}`;
}

export const isSyncing = ({ state }: Tracker): boolean => state === 'syncing' || state === 'pending';

const LARGE_MS = 30 * 60_000;

/** Its first sync takes long. */
export const isLarge = ({ state, lastSyncedAt, createdAt }: Tracker): boolean =>
  state === 'syncing' && lastSyncedAt === null && Date.now() - Date.parse(createdAt) > LARGE_MS;

/** Why nothing of it is in. */
export const whyUnread = ({ state }: Tracker): string =>
  state === 'paused'
    ? 'it is paused, and was not read yet'
    : state === 'needs_attention'
      ? 'it needs attention before it can be read'
      : 'its history is still coming in';

/** How far each open first sync or re-sync is, as the stream of events tells it. */
export const percentQuery = queryOptions({
  queryKey: ['percent'],
  queryFn: () => ({}) as Record<string, number | null>,
  staleTime: Number.POSITIVE_INFINITY,
});

export const trackerQuery = (configId: string) =>
  queryOptions({
    queryKey: ['tracker', configId],
    queryFn: () => answered(api.trackers[':configId'].$get({ param: { configId } })),
    refetchInterval: 10_000,
  });
export const progressQuery = (configId: string, isBusy: boolean) =>
  queryOptions({
    queryKey: ['tracker', configId, 'progress'],
    queryFn: () => answered(api.trackers[':configId'].progress.$get({ param: { configId } })),
    refetchInterval: isBusy ? 2_000 : 15_000,
  });
export const runsQuery = (configId: string) =>
  queryOptions({
    queryKey: ['tracker', configId, 'runs'],
    queryFn: () => readRuns(configId),
    refetchInterval: 10_000,
  });
export const reconciliationQuery = (configId: string) =>
  queryOptions({
    queryKey: ['tracker', configId, 'reconciliation'],
    queryFn: () => answered(api.reconciliation.$get({ query: { configId, groupBy: 'day' } })),
    refetchInterval: 10_000,
  });

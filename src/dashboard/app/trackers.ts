// The trackers as the API tells of them, and how often each part is asked for again.
import { queryOptions } from '@tanstack/react-query';
import { answered, api } from './client.ts';

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

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const DAY_MS = 86_400_000;

/** Since midnight where the reader is, and the same hours of yesterday. */
async function readToday() {
  const to = new Date();
  const from = new Date(to.getFullYear(), to.getMonth(), to.getDate());
  const ask = (shiftMs: number) =>
    answered(
      api.reports.$get({
        query: {
          ...{ groupBy: 'config', tz: zone, by: 'conversion' },
          from: new Date(from.getTime() - shiftMs).toISOString(),
          to: new Date(Math.max(to.getTime(), from.getTime() + 1_000) - shiftMs).toISOString(),
        },
      }),
    );
  const [now, before] = await Promise.all([ask(0), ask(DAY_MS)]);
  return { now, before };
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

// The hub's REST API as the demo uses it: what any program with an API key could do.
import { setTimeout as sleep } from 'node:timers/promises';
import { ofetch } from 'ofetch';
import type { ConversionStatus } from '../core/statuses.ts';

export interface Progress {
  percent: number;
  windows: { done: number; running: number; planned: number };
  rows: { clicks: number; conversions: number };
  rowsPerSecond: number | null;
  etaSeconds: number | null;
}

export interface Tracker {
  id: string;
  type: string;
  state: string;
  resources: Record<string, { state: string; reason: string | null }>;
  lastError: { message: string; hint: string | null } | null;
}

export interface ReportTotals {
  currency: string;
  clicks: number;
  cost: string;
  approved: number;
  pending: number;
  rejected: number;
  hold: number;
  revenue: string;
}

export interface TimeRange {
  from: string;
  to: string;
}

interface TrackerType {
  type: string;
  title: string;
  resources: Record<string, { note: string | null; recentOnly: boolean }>;
}

interface Run {
  id: string;
  state: string;
}

export type DemoClient = ReturnType<typeof createDemoClient>;

export function createDemoClient(apiUrl: string, apiKey: string) {
  const api = ofetch.create({ baseURL: `${apiUrl}/api/v1`, headers: { authorization: `Bearer ${apiKey}` }, retry: 3 });
  const types = () => api<TrackerType[]>('/trackers/types');
  const tracker = (id: string) => api<Tracker>(`/trackers/${id}`);
  return {
    types,
    async findTracker(name: string): Promise<string | null> {
      const { items } = await api<{ items: { id: string; name: string }[] }>('/trackers', { query: { q: name } });
      return items.find((item) => item.name === name)?.id ?? null;
    },
    async hasTrackerAt(url: string): Promise<boolean> {
      const { items } = await api<{ items: { url: string }[] }>('/trackers', { query: { limit: 1_000 } });
      return items.some((item) => item.url === url.replace(/\/+$/, ''));
    },
    async testTracker(tracker: object): Promise<{ message: string }> {
      const result = await api<{ message?: string; error?: { message: string } }>('/trackers/test', {
        method: 'POST',
        body: tracker,
      });
      return { message: result.message ?? result.error?.message ?? '' };
    },
    async createTracker(tracker: object): Promise<string> {
      return (await api<Tracker>('/trackers', { method: 'POST', body: tracker })).id;
    },
    /** @throws where a line is not taken */
    async uploadAds(lines: readonly object[]): Promise<void> {
      type Answer = { rejected: { line: number; message: string }[] };
      const { rejected } = await api<Answer>('/ads', { method: 'PUT', body: lines as object[] });
      if (rejected.length > 0) throw new Error(`Ads were not taken: ${JSON.stringify(rejected[0])}`);
    },
    resume: (id: string) => api<Tracker>(`/trackers/${id}/resume`, { method: 'POST' }),
    tracker,
    progress: (id: string) => api<Progress>(`/trackers/${id}/progress`),
    /** The range that the backfill was planned for. */
    async readRange(id: string): Promise<TimeRange> {
      const { items } = await api<{ items: TimeRange[] }>(`/trackers/${id}/runs`, { query: { kind: 'backfill' } });
      const from = items.map((run) => run.from).sort()[0];
      const to = items
        .map((run) => run.to)
        .sort()
        .at(-1);
      if (from === undefined || to === undefined) throw new Error('No backfill has been planned');
      return { from, to };
    },
    async resync(id: string, range: TimeRange & { resources: string[] }, signal: AbortSignal): Promise<void> {
      const run = await api<Run>(`/trackers/${id}/resync`, { method: 'POST', body: range });
      for (;;) {
        const { items } = await api<{ items: Run[] }>(`/trackers/${id}/runs`, { query: { kind: 'resync' } });
        const state = items.find((item) => item.id === run.id)?.state ?? 'cancelled';
        if (state === 'done') return;
        if (state === 'failed' || state === 'cancelled') throw new Error(`The re-sync ended as ${state}`);
        await sleep(500, null, { signal });
      }
    },
    /** What the tracker's words mean, by the word in lower case. */
    async statusMeanings(configId: string): Promise<Map<string, ConversionStatus>> {
      type Word = { rawStatus: string; status: ConversionStatus };
      const { statuses } = await api<{ statuses: Word[] }>(`/trackers/${configId}/mappings`);
      return new Map(statuses.map(({ rawStatus, status }) => [rawStatus.toLowerCase(), status]));
    },
    /** Why a log is not here, or not all of it: in the tracker's own words, or in its declaration's. */
    async missingLogs(configId: string): Promise<Record<string, string>> {
      const { type, resources } = await tracker(configId);
      const declared = (await types()).find((one) => one.type === type)?.resources ?? {};
      const reasons = Object.entries(declared).flatMap(([resource, { note, recentOnly }]): [string, string][] => {
        const { state = 'ok', reason = null } = resources[resource] ?? {};
        if (state === 'unavailable')
          return [[resource, `the tracker refuses its ${resource} (${reason ?? 'no reason'})`]];
        return recentOnly ? [[resource, note ?? 'the tracker gives recent ones only']] : [];
      });
      return Object.fromEntries(reasons);
    },
    /**
     * Null where there is nothing in the range.
     * @param by which time puts conversions into the range
     */
    async totals(configId: string, range: TimeRange, by: 'click' | 'conversion'): Promise<ReportTotals | null> {
      const query = { configId, ...range, by, groupBy: 'config' };
      const { totals } = await api<{ totals: ReportTotals[] }>('/reports', { query });
      if (totals.length > 1) throw new Error(`Totals in ${totals.length} currencies, one was expected`);
      return totals[0] ?? null;
    },
  };
}

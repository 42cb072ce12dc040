// Since when, of which tracker, on whose days: as the address says it, and as the API is asked for it.
import { queryOptions } from '@tanstack/react-query';
import { text } from '../../app/address.ts';
import { answered, api } from '../../app/client.ts';
import { dayIn, ownZone, rangeOf, shiftDay } from '../../app/range.ts';

export const SINCE = {
  today: 'Today',
  yesterday: 'Yesterday',
  days3: '3 days',
  days7: '7 days',
  days30: '30 days',
} as const;
export type Since = keyof typeof SINCE;
const DAYS_AGO: Readonly<Record<Since, number>> = { today: 0, yesterday: 1, days3: 3, days7: 7, days30: 30 };

/** The API's own. */
export const LONGEST_DAYS = 93;
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}Z$/;

export interface MovedSearch {
  /** A preset, or a moment of one's own in UTC: `2026-11-20T13:00Z`. */
  since?: string;
  configId?: string;
  by?: 'conversion';
  /** Whose story is open. */
  id?: string;
}

export const readMovedSearch = ({ since, configId, by, id }: Record<string, unknown>): MovedSearch => ({
  since: isPreset(since) || isMoment(since) ? since : undefined,
  ...{ configId: text(configId), by: by === 'conversion' ? by : undefined, id: text(id) },
});

export const isPreset = (since: unknown): since is Since => typeof since === 'string' && Object.hasOwn(SINCE, since);
export const isMoment = (since: unknown): since is string =>
  typeof since === 'string' && MOMENT.test(since) && !Number.isNaN(Date.parse(since));

/** As the address has it: to the minute. */
export const momentOf = (atMs: number): string => `${new Date(atMs).toISOString().slice(0, 16)}Z`;

export interface MovedAsk {
  since: string;
  tz: string;
  by: 'click' | 'conversion';
  configId?: string;
}

/** A preset begins at the midnight of its day, where the reader is. */
export function askOf({ since, by, configId }: MovedSearch, nowMs: number): MovedAsk {
  const tz = ownZone();
  const rest = { tz, by: by ?? ('click' as const), ...(configId !== undefined && { configId }) };
  if (isMoment(since)) return { since: new Date(since).toISOString(), ...rest };
  const day = shiftDay(dayIn(tz, nowMs), -DAYS_AGO[isPreset(since) ? since : 'yesterday']);
  return { since: rangeOf({ from: day, to: day, tz }, nowMs).from, ...rest };
}

export type Changes = Awaited<ReturnType<typeof readChanges>>;
export type MovedDay = Changes['days'][number];
export type SpendMove = Changes['spend'][number];
export type Item = MovedDay['items'][number];
export type DayRow = Changes['daysNow'][number];

/** Newest first; a day may have moved by its spend alone. */
export function movedDays({ days, spend }: Pick<Changes, 'days' | 'spend'>): (MovedDay & { spend: SpendMove[] })[] {
  const bySpend = Map.groupBy(spend, ({ day }) => day);
  const names = new Set([...days.map(({ day }) => day), ...bySpend.keys()]);
  return [...names]
    .sort()
    .reverse()
    .map((day) => ({
      ...(days.find((one) => one.day === day) ?? { day, totals: [], items: [] }),
      spend: bySpend.get(day) ?? [],
    }));
}

const MOST_DAYS = 400;

/** Days' moves, and beside them what reports make of these days now: a row a day and currency. */
async function readChanges(ask: MovedAsk) {
  const changes = await answered(api.changes.$get({ query: ask }));
  const days = changes.days.map(({ day }) => day).sort();
  const last = days.at(-1);
  if (last === undefined) return { ...changes, daysNow: [] };
  const first = [shiftDay(last, 1 - MOST_DAYS), days[0]!].sort().at(-1)!;
  const { from, to } = rangeOf({ from: first, to: last, tz: ask.tz }, 0);
  const { since: _, ...rest } = ask;
  const { rows } = await answered(api.reports.$get({ query: { ...rest, groupBy: 'day', from, to } }));
  return { ...changes, daysNow: rows };
}

export const changesQuery = (ask: MovedAsk) =>
  queryOptions({ queryKey: ['changes', ask], queryFn: () => readChanges(ask), refetchInterval: 60_000 });

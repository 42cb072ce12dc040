// How a range becomes windows: clicks by the day and conversions by the week, or as the tracker's declaration wants it.
import type { LogResource } from '../core/resources.ts';
import { DAY_MS, planBackfill, type Range, WINDOW_DAYS } from '../core/windows.ts';
import type { PlannedWindow } from './windows.ts';

/** How a log's history is cut: the days of one window, and how far back there is anything at all. */
export interface LogSpan {
  days: number;
  reachMs: number | null;
}

export type LogSpans = Readonly<Record<LogResource, LogSpan>>;

export const SPANS: LogSpans = {
  clicks: { days: WINDOW_DAYS.clicks, reachMs: null },
  conversions: { days: WINDOW_DAYS.conversions, reachMs: null },
};

/** Conversions are few: a week at a time, newest first. */
export const conversionsByWeek = (range: Range): PlannedWindow[] => conversionsBy(WINDOW_DAYS.conversions, range);

function conversionsBy(days: number, { from, to }: Range): PlannedWindow[] {
  const windows: PlannedWindow[] = [];
  for (let end = to.getTime(); end > from.getTime(); end -= days * DAY_MS) {
    const range = { from: new Date(Math.max(end - days * DAY_MS, from.getTime())), to: new Date(end) };
    windows.push({ resource: 'conversions', range, isFresh: false });
  }
  return windows;
}

/** @param isFresh nothing of its clicks was ever written; conversions may have been, by a deep re-read */
export function windowsOf(
  range: Range,
  resources: readonly LogResource[],
  isFresh: boolean,
  spans: LogSpans,
  now: Date,
): PlannedWindow[] {
  const within = ({ reachMs }: LogSpan): Range =>
    reachMs === null
      ? range
      : { from: new Date(Math.max(range.from.getTime(), now.getTime() - reachMs)), to: range.to };
  const { clicks, conversions } = spans;
  const clickWindows = planBackfill(within(clicks), clicks.days).map(
    (part): PlannedWindow => ({ resource: 'clicks', range: part, isFresh }),
  );
  return [
    ...(resources.includes('clicks') ? clickWindows : []),
    ...(resources.includes('conversions') ? conversionsBy(conversions.days, within(conversions)) : []),
  ];
}

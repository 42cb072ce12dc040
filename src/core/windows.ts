// Windows of time, half-open `[from, to)`: planned for the backfill, for a cycle, for the tiers of re-reads; split when they turn out large.

export interface Range {
  from: Date;
  to: Date;
}

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** The newest two minutes are not read yet: the tracker is still writing them. */
export const SETTLE_MS = 2 * MINUTE_MS;
/** Every cycle reads this much again, since rows change and arrive late. */
export const OVERLAP_MS = 2 * HOUR_MS;
/** Rows that a window may hold before it is split. */
export const SPLIT_ROWS = 50_000;
/** Rows shift under an offset: one older than this restarts its window. */
export const CURSOR_LIFE_MS = 10 * MINUTE_MS;

const floorTo = (time: number, grainMs: number): number => Math.floor(time / grainMs) * grainMs;

/** The end of what may be read now: the settle delay ago, on a whole second. */
export function readableUntil(now: Date): Date {
  return new Date(floorTo(now.getTime() - SETTLE_MS, SECOND_MS));
}

/** How many days one window of each log holds, where its tracker wants no other number. Conversions are few. */
export const WINDOW_DAYS = { clicks: 1, conversions: 7 } as const;

/** So many UTC days a window, newest first; the first and last may be shorter. */
export function planBackfill({ from, to }: Range, days: number = WINDOW_DAYS.clicks): Range[] {
  const windows: Range[] = [];
  for (let end = to.getTime(); end > from.getTime(); ) {
    const start = Math.max(floorTo(end - 1, DAY_MS) - (days - 1) * DAY_MS, from.getTime());
    windows.push({ from: new Date(start), to: new Date(end) });
    end = start;
  }
  return windows;
}

/** A range in whole grains, with a margin on both sides. */
export function widened({ from, to }: Range, grainMs: number, marginMs: number): Range {
  const end = Math.ceil(to.getTime() / grainMs) * grainMs;
  return { from: new Date(floorTo(from.getTime(), grainMs) - marginMs), to: new Date(end + marginMs) };
}

/** Equal pieces of a range on the tracker's grain, newest first; a range of one grain stays whole. */
export function splitEvenly({ from, to }: Range, pieces: number, grainMs: number): Range[] {
  const start = from.getTime();
  const grains = Math.ceil((to.getTime() - start) / grainMs);
  const count = Math.max(1, Math.min(pieces, grains));
  const cuts = Array.from({ length: count }, (_, i) => start + Math.floor((grains * i) / count) * grainMs);
  return cuts.map((cut, i) => ({ from: new Date(cut), to: new Date(cuts[i + 1] ?? to) })).reverse();
}

/**
 * Where a large window is cut after a page: what is read stays, the rest begins at the last row's time (its second is
 * read again). Null where it cannot be cut: all of the page lies within the window's first grain.
 */
export function cutAfter(window: Range, lastRowAt: Date, grainMs: number): { read: Range; rest: Range } | null {
  const start = window.from.getTime();
  const cut = start + floorTo(lastRowAt.getTime() - start, grainMs);
  if (cut <= start || cut >= window.to.getTime()) return null;
  return { read: { from: window.from, to: new Date(cut) }, rest: { from: new Date(cut), to: window.to } };
}

/**
 * How far back conversions are read again at a slot: 2 hours always, 3 days hourly, 30 days daily, 90 at a month's start.
 * @param shiftMs by how much later the config's hours and days begin (`slots.ts`)
 */
export function rereadDepthMs(slotAt: Date, previousSlotAt: Date | null, shiftMs = 0): number {
  const floor = (at: Date, grainMs: number): number => floorTo(at.getTime() - shiftMs, grainMs);
  const crossed = (grainMs: number): boolean =>
    previousSlotAt === null || floor(slotAt, grainMs) !== floor(previousSlotAt, grainMs);
  if (crossed(DAY_MS)) return slotAt.getUTCDate() <= 5 ? 90 * DAY_MS : 30 * DAY_MS;
  return crossed(HOUR_MS) ? 3 * DAY_MS : OVERLAP_MS;
}

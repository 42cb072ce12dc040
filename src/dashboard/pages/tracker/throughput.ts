// Rows read by hour, out of the runs: a run's rows are spread over the hours that it took.
/** What of a run is needed. */
export interface ReadRun {
  startedAt: string | null;
  queuedAt: string;
  /** Null while it is at work. */
  finishedAt: string | null;
  rowsRead: number;
  requests: number;
}

export interface Hour {
  atMs: number;
  /** Rows read. */
  rows: number;
  /** Calls made. */
  calls: number;
}

const HOUR_MS = 3_600_000;

/**
 * The last `hours` hours, oldest first, the one that is not over included.
 * @param runs newest first
 * @param isWhole there are no older ones; otherwise the hours that they do not reach are left out
 */
export function throughputOf(runs: readonly ReadRun[], nowMs: number, hours: number, isWhole = true): Hour[] {
  const latest = Math.floor(nowMs / HOUR_MS) * HOUR_MS;
  const all = Array.from({ length: hours }, (_, back): Hour => {
    const atMs = latest - (hours - 1 - back) * HOUR_MS;
    return { atMs, rows: 0, calls: 0 };
  });
  for (const { startedAt, finishedAt, rowsRead, requests } of runs) {
    if (startedAt === null) continue;
    const from = Date.parse(startedAt);
    const to = Math.max(from + 1, finishedAt === null ? nowMs : Date.parse(finishedAt));
    for (const hour of all) {
      const within = Math.min(to, hour.atMs + HOUR_MS) - Math.max(from, hour.atMs);
      if (within <= 0) continue;
      hour.rows += (rowsRead * within) / (to - from);
      hour.calls += (requests * within) / (to - from);
    }
  }
  const oldest = runs.at(-1);
  const known = isWhole || oldest === undefined ? all : all.filter(({ atMs }) => atMs >= Date.parse(oldest.queuedAt));
  return known.map(({ atMs, rows, calls }) => ({ atMs, rows: Math.round(rows), calls: Math.round(calls) }));
}

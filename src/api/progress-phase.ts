// Progress as it is shown: phase, percent that reaches 100 only at the end, an honest estimate.
import type { RunKind } from '../core/sync.ts';
import type { ProgressFacts } from '../store/runs-read-progress.ts';

export const PHASES = ['waiting', 'catalog', 'backfill', 'incremental', 'reread', 'idle'] as const;
export type Phase = (typeof PHASES)[number];

const PHASE_OF: Readonly<Record<RunKind, Phase>> = {
  catalog: 'catalog',
  backfill: 'backfill',
  cycle: 'incremental',
  reread: 'reread',
  resync: 'reread',
};

export function phaseOf({ isWaiting, workKind, hasSynced, range }: ProgressFacts): Phase {
  if (isWaiting) return 'waiting';
  if (workKind !== null) return PHASE_OF[workKind];
  return hasSynced && range === null ? 'idle' : 'waiting';
}

/** Of the open backfill or re-sync; rounded down, so that 100 means done. */
export function percentOf({ range, hasSynced }: ProgressFacts): number {
  if (range === null) return hasSynced ? 100 : 0;
  if (range.plannedSeconds === 0) return 0;
  return Math.floor((10_000 * range.doneSeconds) / range.plannedSeconds) / 100;
}

/** A window costs a call and a commit, however few rows it has: as much as so many rows more. */
const ROWS_A_WINDOW = 1_000;
/** Less says nothing yet. */
const SHORTEST_PACE_MS = 2_000;

/** By the pace of the last minutes of work, over the rows that are to come; null while either is unknown, or nothing moves. */
export function paceOf({ range, isWaiting }: ProgressFacts): {
  rowsPerSecond: number | null;
  etaSeconds: number | null;
} {
  if (range === null || range.pace.ms < SHORTEST_PACE_MS) return { rowsPerSecond: null, etaSeconds: null };
  const { pace, left } = range;
  const rowsPerSecond = Math.round((10_000 * pace.rows) / pace.ms) / 10;
  const done = pace.rows + ROWS_A_WINDOW * pace.windows;
  if (isWaiting || left.rows === null || done === 0) return { rowsPerSecond, etaSeconds: null };
  const toCome = left.rows + ROWS_A_WINDOW * left.windows;
  return { rowsPerSecond, etaSeconds: Math.ceil((toCome * pace.ms) / done / 1_000) };
}

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

/** From the pace since the run began; null while there is none, or nothing moves. */
export function paceOf(facts: ProgressFacts): { rowsPerSecond: number | null; etaSeconds: number | null } {
  const { range } = facts;
  if (range === null || range.elapsedSeconds <= 0) return { rowsPerSecond: null, etaSeconds: null };
  const rowsPerSecond = Math.round((10 * range.rowsRead) / range.elapsedSeconds) / 10;
  if (range.doneSeconds === 0 || facts.isWaiting) return { rowsPerSecond, etaSeconds: null };
  const left = range.plannedSeconds - range.doneSeconds;
  return { rowsPerSecond, etaSeconds: Math.ceil((left * range.elapsedSeconds) / range.doneSeconds) };
}

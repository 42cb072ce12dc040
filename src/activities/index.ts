// The activities: each takes a config id, does one slice, and answers what the config needs next.
import { Context } from '@temporalio/activity';
import { LOG_RESOURCES, type LogResource } from '../core/resources.ts';
import type { Step } from '../core/sync.ts';
import { nextStep } from '../store/plan.ts';
import { beginResync, openCycle, planBackfillRun } from '../store/plan-runs.ts';
import { type LogSpans, SPANS } from '../store/plan-windows.ts';
import { type OpenRun, openRuns } from '../store/runs.ts';
import { deleteConfig } from './delete-config.ts';
import { beating, type Dependencies, type Execution } from './dependencies.ts';
import { expectRows } from './expect-rows.ts';
import { cleanSums, keepHouse, wakeOverdue } from './fleet.ts';
import { withOwnTrouble } from './own-trouble.ts';
import { readCatalog } from './read-catalog.ts';
import { readLogs } from './read-logs.ts';
import { reconcile } from './reconcile.ts';
import { runSlice, type Slice } from './slice.ts';

const logsOf = (slice: Slice): LogResource[] =>
  LOG_RESOURCES.filter((resource) => slice.adapter.logs[resource] !== undefined);

const spansOf = ({ adapter: { logs } }: Slice): LogSpans => {
  const spanOf = (resource: LogResource) => ({
    days: logs[resource]?.windowDays ?? SPANS[resource].days,
    reachMs: logs[resource]?.reachMs ?? null,
  });
  return { clicks: spanOf('clicks'), conversions: spanOf('conversions') };
};

const openRun = async (slice: Slice, kind: OpenRun['kind']): Promise<OpenRun | undefined> =>
  (await openRuns(slice.deps.db, slice.config.id)).find((run) => run.kind === kind);

async function backfill(slice: Slice): Promise<void> {
  await planBackfillRun(slice.deps.db, slice.config, logsOf(slice), slice.deps.clock(), spansOf(slice));
  const run = await openRun(slice, 'backfill');
  if (run === undefined) return;
  await expectRows(slice, run);
  await readLogs(slice, run, logsOf(slice));
}

async function cycle(slice: Slice): Promise<void> {
  const { db, clock } = slice.deps;
  const run = await openCycle(db, slice.config, logsOf(slice), clock(), spansOf(slice));
  if (run !== null) await readLogs(slice, run, logsOf(slice));
}

async function reread(slice: Slice): Promise<void> {
  const run = await openRun(slice, 'reread');
  if (run !== undefined) await readLogs(slice, run, logsOf(slice));
}

async function resync(slice: Slice): Promise<void> {
  const queued = await openRun(slice, 'resync');
  if (queued === undefined) return;
  const run = await beginResync(slice.deps.db, slice.config, queued, slice.deps.clock(), spansOf(slice));
  await expectRows(slice, queued);
  await readLogs(slice, run, logsOf(slice));
}

const QUICK_MS = 3_000;

/** @param execution where the order to stop and the sign of life come from; Temporal's by default */
export function createActivities(deps: Dependencies, execution: () => Execution = temporalExecution) {
  const told = (step: Step): Step =>
    step.kind === 'gone' ? step : { ...step, facts: { ...step.facts, attributes: deps.searchAttributes } };
  const answering = (name: string, work: (configId: string) => Promise<Step>) => (configId: string) =>
    withOwnTrouble(deps.logger, name, configId, async () => told(await work(configId)));
  const slice = (name: string, work: (slice: Slice) => Promise<void>) =>
    answering(name, (configId) => runSlice(deps, execution(), configId, work));
  const caring =
    <T>(name: string, work: () => Promise<T>) =>
    () =>
      withOwnTrouble(deps.logger, name, null, () => beating(execution(), work));
  /** Leaves what takes longer to an ordinary cycle. */
  const quick = { ...deps, sliceMs: Math.min(QUICK_MS, deps.sliceMs) };
  let quickOnes = 0;
  /** While as many as may wait for slow trackers, the next step is an ordinary cycle. */
  const quickCycle = async (configId: string): Promise<Step> => {
    if (quickOnes >= deps.quickAtOnce) return nextStep(deps.db, configId, deps.clock());
    quickOnes++;
    try {
      return await runSlice(quick, execution(), configId, cycle);
    } finally {
      quickOnes--;
    }
  };
  return {
    plan: answering('plan', (configId) => nextStep(deps.db, configId, deps.clock())),
    catalog: slice('catalog', readCatalog),
    backfill: slice('backfill', backfill),
    quickCycle: answering('quickCycle', quickCycle),
    cycle: slice('cycle', cycle),
    reconcile: slice('reconcile', reconcile),
    reread: slice('reread', reread),
    resync: slice('resync', resync),
    delete: answering('delete', (configId) => deleteConfig(deps, execution(), configId)),
    wakeOverdue: caring('wakeOverdue', () => wakeOverdue(deps)),
    keepHouse: caring('keepHouse', () => keepHouse(deps)),
    cleanSums: caring('cleanSums', () => cleanSums(deps, execution().signal)),
  };
}

export type Activities = ReturnType<typeof createActivities>;

function temporalExecution(): Execution {
  const context = Context.current();
  // A local activity has no heartbeat: its worker answers for it.
  const heartbeat = context.info.isLocal ? () => {} : () => context.heartbeat();
  return { signal: context.cancellationSignal, heartbeat };
}

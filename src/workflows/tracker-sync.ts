// The story of one connected tracker: ask what it needs, do it, rest until the next is due or somebody wakes it.
import {
  CancellationScope,
  condition,
  continueAsNew,
  defineSignal,
  isCancellation,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { type ConfigFacts, NUDGE_SIGNAL, type Step, type TrackerSyncInput, WAKE_SIGNAL } from '../core/sync.ts';
import { activities, localActivities } from './activity-options.ts';
import { searchAttributesOf } from './search-attributes.ts';

const CYCLES_A_RUN = 24;
/** A worker whose clock is behind the server's would else be asked again and again until its slot has come. */
const SHORTEST_REST_MS = 1_000;

export const wake = defineSignal(WAKE_SIGNAL);
export const nudge = defineSignal(NUDGE_SIGNAL);

type Work = Extract<Step, { kind: 'work' }>;
type Rest = Extract<Step, { kind: 'rest' }>;

interface Inbox {
  isWoken: boolean;
  isResting: boolean;
  /** Ends the slice that is running, so that what changed is seen at once. */
  interrupt(): void;
}

export async function trackerSync(input: TrackerSyncInput): Promise<void> {
  const inbox = listen();
  let shown: ConfigFacts | null = null;
  let step = await activities.plan(input.configId);
  for (let cycles = 0; step.kind !== 'gone'; ) {
    shown = show(step, input, shown);
    if (isLong(cycles) && !inbox.isWoken) await continueAsNew<typeof trackerSync>(input);
    if (step.kind === 'work' && isCycle(step)) cycles++;
    step = step.kind === 'rest' ? await rest(step, input, inbox) : await work(step, input, inbox);
  }
}

function listen(): Inbox {
  const inbox: Inbox = { isWoken: false, isResting: false, interrupt: () => {} };
  setHandler(wake, () => {
    inbox.isWoken = true;
    inbox.interrupt();
  });
  // Under load, work that waits for its turn would otherwise lose it again and again.
  setHandler(nudge, () => {
    inbox.isWoken ||= inbox.isResting;
  });
  return inbox;
}

/** A wake that came meanwhile is answered by looking again. */
async function rest(step: Rest, input: TrackerSyncInput, inbox: Inbox): Promise<Step> {
  const isWoken = () => inbox.isWoken;
  inbox.isResting = true;
  if (step.until === null) await condition(isWoken);
  else await condition(isWoken, Math.max(SHORTEST_REST_MS, Date.parse(step.until) - Date.now()));
  inbox.isResting = false;
  if (inbox.isWoken || step.due === null) return plan(input, inbox);
  return { kind: 'work', work: step.due, facts: step.facts, details: 'Reading what is new' };
}

async function work(step: Work, input: TrackerSyncInput, inbox: Inbox): Promise<Step> {
  const scope = new CancellationScope();
  inbox.interrupt = () => scope.cancel();
  try {
    if (inbox.isWoken) return await plan(input, inbox);
    const next = await scope.run(() => carryOut(step, input));
    return inbox.isWoken ? await plan(input, inbox) : next;
  } catch (error) {
    if (!isCancellation(error) || !inbox.isWoken) throw error;
    return plan(input, inbox);
  } finally {
    inbox.interrupt = () => {};
  }
}

/** A quick cycle that fails, since the database is away, goes on as an ordinary one, which is tried again. */
async function carryOut(step: Work, { configId }: TrackerSyncInput): Promise<Step> {
  if (step.work !== 'quickCycle') return activities[step.work](configId);
  try {
    return await localActivities.quickCycle(configId);
  } catch (error) {
    if (isCancellation(error)) throw error;
    return { ...step, work: 'cycle' };
  }
}

async function plan(input: TrackerSyncInput, inbox: Inbox): Promise<Step> {
  inbox.isWoken = false;
  return activities.plan(input.configId);
}

const isCycle = ({ work }: Work): boolean => work === 'cycle' || work === 'quickCycle';

function isLong(cycles: number): boolean {
  return cycles >= CYCLES_A_RUN || workflowInfo().continueAsNewSuggested;
}

/** For the operator: what it is doing, and the attributes to search by, set only where they changed. */
function show(step: Work | Rest, { configId }: TrackerSyncInput, shown: ConfigFacts | null): ConfigFacts {
  const due = step.kind === 'rest' && step.until !== null ? `, next at ${step.until}` : '';
  setCurrentDetails(`${step.details}${due} (${configId})`);
  const changes = searchAttributesOf(step.facts, shown);
  if (changes.length > 0) upsertSearchAttributes(changes);
  return step.facts;
}

// The way to Temporal for the roots: connection options, the wake of a config's workflow, search attributes, schedules.
import { readFileSync } from 'node:fs';
import { type Client, ScheduleOverlapPolicy, type TLSConfig } from '@temporalio/client';

import type { WorkerConfig } from './config.ts';
import {
  type NUDGE_SIGNAL,
  SEARCH_ATTRIBUTES,
  SYNC_WORKFLOW,
  syncWorkflowId,
  TASK_QUEUE,
  WAKE_SIGNAL,
} from './core/sync.ts';

type TemporalConfig = WorkerConfig['temporal'];

/** For the client's and the worker's connection alike. */
export function temporalConnection({ address, apiKey, tls }: TemporalConfig) {
  return { address, ...(apiKey === null ? {} : { apiKey }), ...(tls === null ? {} : { tls: tlsOf(tls) }) };
}

function tlsOf({ ca, cert, key }: NonNullable<TemporalConfig['tls']>): TLSConfig {
  return {
    ...(ca === null ? {} : { serverRootCACertificate: readFileSync(ca) }),
    ...(cert === null || key === null ? {} : { clientCertPair: { crt: readFileSync(cert), key: readFileSync(key) } }),
  };
}

const WAKE_TIMEOUT_MS = 3_000;

/** Starts a config's workflow where it is missing, and makes it look again. Throws where Temporal does not answer. */
export async function wakeWorkflow(
  client: Client,
  configId: string,
  signal: typeof WAKE_SIGNAL | typeof NUDGE_SIGNAL = WAKE_SIGNAL,
): Promise<void> {
  await client.withDeadline(Date.now() + WAKE_TIMEOUT_MS, () =>
    client.workflow.signalWithStart(SYNC_WORKFLOW, {
      workflowId: syncWorkflowId(configId),
      taskQueue: TASK_QUEUE,
      args: [{ configId }],
      signal,
      signalArgs: [],
    }),
  );
}

/** Starts a config's workflow where it is missing; one that runs hears nothing of it. */
export async function startWorkflow(client: Client, configId: string): Promise<void> {
  await client.withDeadline(Date.now() + WAKE_TIMEOUT_MS, () =>
    client.workflow.start(SYNC_WORKFLOW, {
      workflowId: syncWorkflowId(configId),
      taskQueue: TASK_QUEUE,
      args: [{ configId }],
      workflowIdConflictPolicy: 'USE_EXISTING',
    }),
  );
}

const KEYWORD = 2;

/**
 * Registers the search attributes that are missing, where this namespace lets us.
 * @returns those that are there now: only these may be set
 */
async function ensureSearchAttributes(client: Client, namespace: string): Promise<string[]> {
  const { operatorService } = client.connection;
  const listed = async (): Promise<string[]> => {
    const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
    return SEARCH_ATTRIBUTES.filter((name) => customAttributes?.[name] === KEYWORD);
  };
  const there = await listed();
  const missing = SEARCH_ATTRIBUTES.filter((name) => !there.includes(name));
  if (missing.length === 0) return there;
  try {
    const searchAttributes = Object.fromEntries(missing.map((name) => [name, KEYWORD]));
    await operatorService.addSearchAttributes({ namespace, searchAttributes });
  } catch {
    // Another worker was faster, or the namespace is run by somebody else: what is listed counts.
  }
  return listed();
}

const SCHEDULES = [
  { scheduleId: 'reconcile-fleet', workflowType: 'reconcileFleet', every: '30 seconds' },
  { scheduleId: 'clean-sums', workflowType: 'cleanSums', every: '30 seconds' },
  { scheduleId: 'keep-house', workflowType: 'keepHouse', every: '1 hour' },
] as const;

type Schedule = (typeof SCHEDULES)[number];

const described = ({ workflowType, every, scheduleId }: Schedule) => ({
  spec: { intervals: [{ every }] },
  action: { type: 'startWorkflow' as const, workflowType, taskQueue: TASK_QUEUE, workflowId: scheduleId },
  policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 minute' },
});

/** @returns false where it is there already */
async function makeSchedule(client: Client, schedule: Schedule): Promise<boolean> {
  try {
    await client.schedule.create({ scheduleId: schedule.scheduleId, ...described(schedule) });
    return true;
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ScheduleAlreadyRunning') throw error;
    return false;
  }
}

/** Fleet-wide jobs, as this release wants them; harmless when repeated. */
async function ensureSchedules(client: Client): Promise<void> {
  for (const schedule of SCHEDULES) {
    if (await makeSchedule(client, schedule)) continue;
    const handle = client.schedule.getHandle(schedule.scheduleId);
    await handle.update(({ state }) => ({ ...described(schedule), state }));
  }
}

const PREPARE_TIMEOUT_MS = 30_000;

/**
 * All that the namespace has to have.
 * @returns the search attributes that are there: only these may be set
 */
export function prepareNamespace(client: Client, namespace: string): Promise<string[]> {
  return client.withDeadline(Date.now() + PREPARE_TIMEOUT_MS, async () => {
    const searchAttributes = await ensureSearchAttributes(client, namespace);
    await ensureSchedules(client);
    return searchAttributes;
  });
}

/** Makes again what is missing: a Temporal that lost its data knows neither schedules nor attributes. */
export function mendNamespace(client: Client, namespace: string): Promise<void> {
  return client.withDeadline(Date.now() + PREPARE_TIMEOUT_MS, async () => {
    await ensureSearchAttributes(client, namespace);
    for (const schedule of SCHEDULES) await makeSchedule(client, schedule);
  });
}

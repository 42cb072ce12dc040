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

const KEYWORD = 2;

/**
 * Registers the search attributes that are missing, where this namespace lets us.
 * @returns those that are there now: only these may be set
 */
export async function ensureSearchAttributes(client: Client, namespace: string): Promise<string[]> {
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
  { scheduleId: 'keep-house', workflowType: 'keepHouse', every: '1 hour' },
] as const;

/** Fleet-wide jobs; harmless when repeated. */
export async function ensureSchedules(client: Client): Promise<void> {
  for (const { scheduleId, workflowType, every } of SCHEDULES) {
    const schedule = {
      spec: { intervals: [{ every }] },
      action: { type: 'startWorkflow' as const, workflowType, taskQueue: TASK_QUEUE, workflowId: scheduleId },
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 minute' },
    };
    try {
      await client.schedule.create({ scheduleId, ...schedule });
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'ScheduleAlreadyRunning') throw error;
      await client.schedule.getHandle(scheduleId).update((previous) => ({ ...schedule, state: previous.state }));
    }
  }
}

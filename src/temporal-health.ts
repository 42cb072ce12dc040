// Whether Temporal answers, and whether anybody works for us there.
import type { Client } from '@temporalio/client';
import type { TemporalHealth } from './api/deps.ts';
import { TASK_QUEUE } from './core/sync.ts';

const TIMEOUT_MS = 3_000;
/** The server's number for queues of workflow tasks. */
const WORKFLOW_QUEUE = 1;

/** Never throws. Workers are those that asked for work within the last five minutes. */
export async function temporalHealth(client: Client, namespace: string): Promise<TemporalHealth> {
  try {
    const { pollers } = await client.withDeadline(Date.now() + TIMEOUT_MS, () =>
      client.workflowService.describeTaskQueue({
        namespace,
        taskQueue: { name: TASK_QUEUE },
        taskQueueType: WORKFLOW_QUEUE,
      }),
    );
    return { isReachable: true, workers: pollers?.length ?? 0, reason: null };
  } catch {
    return { isReachable: false, workers: null, reason: 'does not answer' };
  }
}

// What an operator may do to Temporal itself, past all wires.
import { Client, Connection } from '@temporalio/client';
import { syncWorkflowId, WAKE_SIGNAL } from '../../src/core/sync.ts';
import type { Hub } from './hub.ts';

const NAMESPACE = 'default';

export async function withTemporal<T>(hub: Hub, work: (client: Client) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address: hub.temporal.address, connectTimeout: '5 seconds' });
  try {
    const client = new Client({ connection, namespace: NAMESPACE });
    return await client.withDeadline(Date.now() + 10_000, () => work(client));
  } finally {
    await connection.close();
  }
}

/** Has the sweep of the keys begin, unless it is at it. */
export const triggerSweep = (hub: Hub): Promise<void> =>
  withTemporal(hub, (client) => client.schedule.getHandle('keep-house').trigger());

/** The hour's own sweep would come in between, at any full hour. */
export const sweepOnlyWhenTold = (hub: Hub): Promise<void> =>
  withTemporal(hub, (client) => client.schedule.getHandle('keep-house').pause());

/** No worker is asked any more because it remembers: the next one that is asked tells the story from its beginning. */
export const forgetCached = (hub: Hub, configId: string): Promise<unknown> =>
  withTemporal(hub, ({ workflowService }) =>
    workflowService.resetStickyTaskQueue({
      namespace: NAMESPACE,
      execution: { workflowId: syncWorkflowId(configId) },
    }),
  );

export const wakeTwice = (hub: Hub, configId: string): Promise<unknown> =>
  withTemporal(hub, (client) => {
    const handle = client.workflow.getHandle(syncWorkflowId(configId));
    return Promise.all([handle.signal(WAKE_SIGNAL), handle.signal(WAKE_SIGNAL)]);
  });

/** RUNNING, COMPLETED, …; null where Temporal has never heard of it. */
export const workflowState = (hub: Hub, configId: string): Promise<string | null> =>
  withTemporal(hub, async (client) => {
    const told = await client.workflow
      .getHandle(syncWorkflowId(configId))
      .describe()
      .catch((error: Error) => {
        if (error.name === 'WorkflowNotFoundError') return null;
        throw error;
      });
    return told?.status.name ?? null;
  });

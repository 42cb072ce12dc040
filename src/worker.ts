// The worker's root: database, vault, adapters and Temporal put together, and taken apart in order.
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { type Logger, pino } from 'pino';
import type { Dependencies } from './activities/dependencies.ts';
import { type Activities, createActivities } from './activities/index.ts';
import { createHttp } from './adapters/http.ts';
import { adapterFor } from './adapters/index.ts';
import { type Config, requireFor } from './config.ts';
import { NUDGE_SIGNAL, TASK_QUEUE } from './core/sync.ts';
import { createDb } from './store/db.ts';
import { createLoaderConnections } from './store/loader-connection.ts';
import { ensureRequestPartitions } from './store/requests.ts';
import { createSessionTokens } from './store/session-tokens.ts';
import { createVault } from './store/vault.ts';
import { mendNamespace, prepareNamespace, startWorkflow, temporalConnection, wakeWorkflow } from './temporal.ts';

/** Most of a quiet slice's time is the tracker's: this many ordinary and as many local ones wait for theirs at once. */
const SLICES_AT_ONCE = 12;
const WORKFLOWS_AT_ONCE = 100;
const SLICE_MS = 20_000;
const MEND_EVERY_MS = 30_000;

/** What another root may put around the parts before they are put together; as they are by default. */
export interface Around {
  dependencies?(made: Dependencies): Dependencies;
  activities?(made: Activities): Activities;
}

const asItIs = <T>(made: T): T => made;

/** @throws ConfigError for what is missing; whatever PostgreSQL and Temporal say where they cannot be reached */
export async function startWorker(
  config: Config,
  { dependencies = asItIs, activities = asItIs }: Around = {},
): Promise<{ stop(): Promise<void>; ended: Promise<unknown> }> {
  requireFor('worker', config);
  const logger = pino({ level: config.logLevel, base: { program: 'worker' } });
  quietRuntime(config.logLevel, logger);
  const db = createDb(config.databaseUrl, { max: SLICES_AT_ONCE * 2 });
  const loaders = createLoaderConnections(config.databaseUrl, { max: SLICES_AT_ONCE });
  const http = createHttp({ allowedNetworks: config.allowedNetworks });
  await ensureRequestPartitions(db, new Date());
  const address = temporalConnection(config.temporal);
  const { namespace } = config.temporal;
  const client = new Client({ connection: await Connection.connect(address), namespace });
  const searchAttributes = await prepareNamespace(client, namespace);
  if (searchAttributes.length < 4)
    logger.warn({ searchAttributes }, 'some search attributes are missing and are not set');
  const connection = await NativeConnection.connect(address);
  const stopping = new AbortController();
  const vault = createVault(config.encryptionKeys);
  const parts: Dependencies = {
    ...{ db, loaders, vault, http, adapterFor, logger, searchAttributes },
    tokens: createSessionTokens(db, vault),
    clock: () => new Date(),
    random: Math.random,
    sliceMs: SLICE_MS,
    quickAtOnce: SLICES_AT_ONCE,
    sharedClock: () => null,
    stopping: stopping.signal,
    nudge: (configId) => wakeWorkflow(client, configId, NUDGE_SIGNAL),
    startMissing: (configId) => startWorkflow(client, configId),
    retention: { clickDays: config.clickRetentionDays, requestDays: config.requestLogRetentionDays },
  };
  const worker = await Worker.create({
    connection,
    namespace,
    taskQueue: TASK_QUEUE,
    workflowsPath: fileURLToPath(new URL('./workflows/index.ts', import.meta.url)),
    activities: activities(createActivities(dependencies(parts))),
    maxConcurrentActivityTaskExecutions: SLICES_AT_ONCE,
    // A workflow keeps its place while its local activity runs; what is too much for us is refused by the activity itself.
    maxConcurrentLocalActivityExecutions: WORKFLOWS_AT_ONCE,
    maxConcurrentWorkflowTaskExecutions: WORKFLOWS_AT_ONCE,
    // An order to stop travels with the answer to a heartbeat.
    maxHeartbeatThrottleInterval: '1 second',
    shutdownGraceTime: '1 second',
    shutdownForceTime: '12 seconds',
  });
  const running = worker.run();
  running.catch((error) => logger.fatal({ err: error }, 'the worker stopped by itself'));
  const mending = setInterval(() => {
    // Where Temporal is away, the next time will do.
    mendNamespace(client, namespace).catch(() => {});
  }, MEND_EVERY_MS);
  return {
    ended: running.catch(() => {}),
    async stop() {
      clearInterval(mending);
      // Temporal tells ordinary activities to stop, local ones it only waits for.
      stopping.abort();
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await running.catch(() => {});
      await Promise.all([connection.close(), client.connection.close()]);
      await Promise.all([http.close(), loaders.close(), db.destroy()]);
    },
  };
}

/** The SDK's runtime is one a process; it speaks through our logger, in one line, at warnings and above. */
function quietRuntime(level: Config['logLevel'], logger: Logger): void {
  const isChatty = level === 'debug' || level === 'trace';
  const log = new DefaultLogger(isChatty ? 'DEBUG' : 'WARN', ({ level: of, message, meta }) => {
    const { activityType, workflowId, error } = (meta ?? {}) as Record<string, unknown>;
    const reason = error instanceof Error ? error.message : undefined;
    const line = { activityType, workflowId, reason };
    if (of === 'ERROR') logger.error(line, message);
    else if (of === 'WARN') logger.warn(line, message);
    else logger.debug(line, message);
  });
  try {
    Runtime.install({ logger: log });
  } catch {
    // Installed already: a second worker in this process.
  }
}

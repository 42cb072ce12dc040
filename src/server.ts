// The server's root: database, vault, Temporal client and API put together, and taken apart in order.
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { Client, Connection } from '@temporalio/client';
import { pino } from 'pino';
import packageJson from '../package.json' with { type: 'json' };
import { createHttp } from './adapters/http.ts';
import { adapters } from './adapters/index.ts';
import { createApp } from './api/app.ts';
import type { Logger } from './api/deps.ts';
import { type Config, requireFor, type ServerConfig } from './config.ts';
import { readDashboard } from './local/dashboard-files.ts';
import { firstSignIn } from './local/first-sign-in.ts';
import { createMail } from './mail.ts';
import { createDb, type Db } from './store/db.ts';
import { ensureRequestPartitions } from './store/requests.ts';
import { ensureFirstUser, hasUser } from './store/sign-in.ts';
import { createVault } from './store/vault.ts';
import { temporalConnection, wakeWorkflow } from './temporal.ts';
import { temporalHealth } from './temporal-health.ts';

const PAUSE_WAIT_MS = 10_000;
const EVENTS_EVERY_MS = 2_000;
const HEARTBEAT_MS = 15_000;
/** Far above what people and programs do in earnest. */
const REQUESTS_PER_MINUTE = { signed: 6_000, unsigned: 600 };
/** What is being answered when the order to stop comes may take this long to end. */
const DRAIN_MS = 10_000;

/**
 * Serves the API. Temporal may be away: the connection is opened when it is first needed, and commands wait as rows.
 * @throws ConfigError for what is missing; whatever PostgreSQL says where it cannot be reached
 */
export async function startServer(config: Config): Promise<{ address: string; stop(): Promise<void> }> {
  requireFor('server', config);
  const logger = pino({ level: config.logLevel, base: { program: 'server' } });
  const db = createDb(config.databaseUrl, { max: 20 });
  const http = createHttp({ allowedNetworks: config.allowedNetworks });
  const connection = Connection.lazy(temporalConnection(config.temporal));
  const close = async (): Promise<void> => {
    await Promise.all([http.close(), connection.close(), db.destroy()]);
  };
  try {
    await prepare(config, db, logger);
    let address = config.publicUrl ?? '';
    const stopping = new AbortController();
    const client = new Client({ connection, namespace: config.temporal.namespace });
    const app = createApp({
      ...{ db, http, adapters, logger },
      vault: createVault(config.encryptionKeys),
      wake: (configId) => wake(client, configId, logger),
      temporal: { check: () => temporalHealth(client, config.temporal.namespace) },
      mail: mailOf(config),
      dashboard: readDashboard(),
      stopping: stopping.signal,
      now: () => new Date(),
      config: {
        version: packageJson.version,
        publicUrl: () => address,
        authSecret: config.authSecret,
        temporalUiUrl: config.temporal.uiUrl,
        temporalNamespace: config.temporal.namespace,
        trustedProxies: config.trustedProxies,
        pauseWaitMs: PAUSE_WAIT_MS,
        eventsEveryMs: EVENTS_EVERY_MS,
        heartbeatMs: HEARTBEAT_MS,
        requestsPerMinute: REQUESTS_PER_MINUTE,
      },
    });
    const { server, port } = await listen(app.fetch, config.port);
    address = config.publicUrl ?? `http://localhost:${port}`;
    logger.info({ port }, 'the API listens');
    return {
      address,
      async stop() {
        stopping.abort();
        await drain(server);
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What has to be there before the first request: today's journal, and somebody who can sign in. */
async function prepare(config: ServerConfig, db: Db, logger: Logger): Promise<void> {
  await ensureRequestPartitions(db, new Date());
  if (await hasUser(db)) return;
  const { email, password, apiKey, file } = firstSignIn(config.dataDir, config.admin);
  const { made } = await ensureFirstUser(db, { email, password, apiKey });
  if (made)
    logger.info({ email, file }, 'the first user is made; password and API key are in the file, if one is named');
}

function mailOf({ smtpUrl, mailFrom }: Config): ReturnType<typeof createMail> | null {
  return smtpUrl === null || mailFrom === null ? null : createMail(smtpUrl, mailFrom);
}

async function wake(client: Client, configId: string, logger: Logger): Promise<boolean> {
  try {
    await wakeWorkflow(client, configId);
    return true;
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown';
    logger.warn({ configId, reason }, 'the workflow could not be woken; its command waits in the database');
    return false;
  }
}

async function listen(
  fetch: Parameters<typeof serve>[0]['fetch'],
  port: number,
): Promise<{ server: Server; port: number }> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch, port }, (info: AddressInfo) => {
      server.off('error', reject);
      resolve({ server: server as Server, port: info.port });
    });
    server.once('error', reject);
  });
}

/** No new requests; those that are being answered may end, up to a limit. */
async function drain(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  server.closeIdleConnections();
  const limit = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  await closed;
  clearTimeout(limit);
}

// Real worker processes on a namespace of their own, that a test may kill as it likes.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { createVault, type Vault } from '../../src/store/vault.ts';
import { wakeWorkflow } from '../../src/temporal.ts';
import { expectNoCanary, searchForCanary } from '../leaks/canary.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

export interface WorkerGround {
  vault: Vault;
  client: Client;
  /** What a worker process is started with. */
  env: NodeJS.ProcessEnv;
  startWorker(more?: NodeJS.ProcessEnv): Promise<WorkerProcess>;
  wake(configId: string): Promise<void>;
  stop(): Promise<void>;
}

export interface WorkerProcess {
  pid: number;
  /** As a power cut would. */
  kill(): Promise<void>;
  stop(): Promise<void>;
  output(): string;
}

export async function openWorkerGround(databaseUrl: string, temporalAddress: string): Promise<WorkerGround> {
  const namespace = `test-${randomUUID().slice(0, 8)}`;
  const connection = await Connection.connect({ address: temporalAddress });
  await makeNamespace(connection, namespace);
  const key = randomBytes(32);
  const client = new Client({ connection, namespace });
  const started: WorkerProcess[] = [];
  const env: NodeJS.ProcessEnv = {
    PATH: process.env.PATH,
    DATABASE_URL: databaseUrl,
    TEMPORAL_ADDRESS: temporalAddress,
    TEMPORAL_NAMESPACE: namespace,
    TRACKER_ENCRYPTION_KEY: `test:${key.toString('base64')}`,
    TRACKER_ALLOWED_NETWORKS: '127.0.0.0/8',
    LOG_LEVEL: 'info',
  };
  return {
    ...{ vault: createVault([{ id: 'test', key }]), client, env },
    async startWorker(more = {}) {
      const worker = await spawnWorker({ ...env, ...more });
      started.push(worker);
      return worker;
    },
    wake: (configId) => wakeWorkflow(client, configId),
    async stop() {
      await Promise.all(started.map((worker) => worker.stop()));
      const search = searchForCanary();
      for (const worker of started) await search.text(`the output of worker ${worker.pid}`, worker.output());
      await connection.close();
      expectNoCanary(search);
    },
  };
}

async function makeNamespace(connection: Connection, namespace: string): Promise<void> {
  await connection.workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: { seconds: 86_400 as never },
  });
  // The frontends learn of it in their own time.
  for (let tries = 0; ; tries++) {
    try {
      await new Client({ connection, namespace }).workflow.count();
      return;
    } catch (error) {
      if (tries > 100) throw error;
      await sleep(200);
    }
  }
}

async function spawnWorker(env: NodeJS.ProcessEnv): Promise<WorkerProcess> {
  const child = spawn(process.execPath, [MAIN, 'worker'], { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      text += chunk;
    });
  }
  const ready = await Promise.race([once(child, 'message'), once(child, 'exit').then(() => null)]);
  if (ready === null) throw new Error(`the worker did not start:\n${text}`);
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (isOver(child)) return;
    child.kill(signal);
    await once(child, 'exit');
  };
  return { pid: child.pid!, kill: () => end('SIGKILL'), stop: () => end('SIGTERM'), output: () => text };
}

const isOver = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

/** Asks until it is so; fails with what was asked last. */
export async function until<T>(ask: () => Promise<T>, isSo: (answer: T) => boolean, timeoutMs = 60_000): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (isSo(answer)) return answer;
    if (Date.now() > deadline) throw new Error(`still not so: ${JSON.stringify(answer)}`);
    await sleep(100);
  }
}

// The workflow by itself, on a real server, with activities that say what the test wants: rests, wakes, interruptions, long lives.
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { CancelledFailure, Context } from '@temporalio/activity';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { Activities } from '../../src/activities/index.ts';
import { type Step, SYNC_WORKFLOW, WAKE_SIGNAL, type WorkKind } from '../../src/core/sync.ts';
import { until } from './worker-process.ts';

const WORKFLOWS = fileURLToPath(new URL('../../src/workflows/index.ts', import.meta.url));
const facts = {
  trackerType: 'keitaro',
  organizationId: 'o',
  state: 'synced',
  lastErrorKind: null,
  attributes: [],
} as const;
const work = (kind: WorkKind): Step => ({ kind: 'work', work: kind, facts, details: kind });
const rest = (ms: number | null, due: WorkKind | null = null): Step => ({
  ...{ kind: 'rest', facts, details: 'rest', due },
  until: ms === null ? null : new Date(Date.now() + ms).toISOString(),
});

/** What a life's activities answer, one after another; the last answer is repeated. */
type Script = (name: string, times: number) => Step | Promise<Step>;

const scripts = new Map<string, { script: Script; calls: string[] }>();
let connection: NativeConnection;
let client: Client;
let worker: Worker;
let running: Promise<void>;
const taskQueue = `story-${randomUUID()}`;

beforeAll(async () => {
  connection = await NativeConnection.connect({ address: inject('temporalAddress') });
  client = new Client({ connection: await Connection.connect({ address: inject('temporalAddress') }) });
  const answer = (name: string) => async (configId: string) => {
    const life = scripts.get(configId)!;
    life.calls.push(name);
    return life.script(name, life.calls.filter((call) => call === name).length);
  };
  const names = ['plan', 'catalog', 'backfill', 'quickCycle', 'cycle', 'reread', 'resync', 'delete'] as const;
  const activities = Object.fromEntries(names.map((name) => [name, answer(name)])) as Partial<Activities>;
  worker = await Worker.create({
    connection,
    taskQueue,
    workflowsPath: WORKFLOWS,
    activities,
    maxHeartbeatThrottleInterval: '200ms',
  });
  running = worker.run();
});

afterAll(async () => {
  worker.shutdown();
  await running;
  await Promise.all([connection.close(), client.connection.close()]);
});

async function live(script: Script) {
  const configId = randomUUID();
  const life = { script, calls: [] as string[] };
  scripts.set(configId, life);
  const handle = await client.workflow.signalWithStart(SYNC_WORKFLOW, {
    ...{ workflowId: configId, taskQueue, args: [{ configId }], signal: WAKE_SIGNAL, signalArgs: [] },
  });
  const wake = () => handle.signal(WAKE_SIGNAL);
  return { ...life, handle, wake, ended: () => client.workflow.getHandle(configId).result() };
}

const calledTimes = (calls: string[], name: string): number => calls.filter((call) => call === name).length;

describe('a rest', () => {
  test('ends when its time has come, and does what is due without asking', async () => {
    const { calls, ended } = await live((name) => (name === 'cycle' ? { kind: 'gone' } : rest(1_000, 'cycle')));
    await ended();
    expect(calls.at(-1)).toBe('cycle');
    expect(calledTimes(calls, 'cycle')).toBe(1);
  });

  test('is followed by a quick cycle without a task of its own, and by an ordinary one where that fails', async () => {
    const { calls, handle, ended } = await live((name, times) => {
      if (name === 'cycle') return { kind: 'gone' };
      if (name === 'quickCycle' && times > 1) throw new Error('the database is away');
      return rest(500, 'quickCycle');
    });
    await ended();
    expect(calls.filter((name) => name !== 'plan')).toEqual(['quickCycle', 'quickCycle', 'cycle']);
    const { events } = await handle.fetchHistory();
    const tasks = events?.map((event) => event.activityTaskScheduledEventAttributes?.activityType?.name);
    expect(tasks).toContain('cycle');
    expect(tasks).not.toContain('quickCycle');
  });

  test('ends at a wake, and then asks again', async () => {
    const { calls, wake, ended } = await live((_, times) => (times >= 3 ? { kind: 'gone' } : rest(null)));
    await until(
      async () => calls.length,
      (count) => count >= 2,
    );
    await wake();
    await ended();
    expect(new Set(calls)).toEqual(new Set(['plan']));
  });
});

describe('a wake during a quick cycle', () => {
  test('interrupts it, and what changed is looked up', async () => {
    const { calls, wake, ended } = await live(async (name, times) => {
      if (name === 'plan') return times >= 3 ? { kind: 'gone' } : rest(500, 'quickCycle');
      return await Context.current().cancelled;
    });
    await until(
      async () => calledTimes(calls, 'quickCycle'),
      (count) => count === 1,
    );
    await wake();
    await ended();
    expect(calledTimes(calls, 'quickCycle')).toBe(1);
    expect(calls).not.toContain('cycle');
  });
});

describe('a wake during a slice', () => {
  test('interrupts it, and what changed is looked up', async () => {
    const { calls, wake, ended } = await live(async (name, times) => {
      if (name === 'plan') return times >= 3 ? { kind: 'gone' } : work('backfill');
      const context = Context.current();
      const beat = setInterval(() => context.heartbeat(), 50);
      try {
        return await context.cancelled;
      } finally {
        clearInterval(beat);
      }
    });
    await until(
      async () => calledTimes(calls, 'backfill'),
      (count) => count === 1,
    );
    await wake();
    await ended();
    expect(calledTimes(calls, 'backfill')).toBe(1);
  });

  test('is not taken for the end: a slice that ends in order all the same is followed by a look', async () => {
    const { calls, wake, ended } = await live(async (name, times) => {
      if (name === 'plan') return times >= 3 ? { kind: 'gone' } : work('backfill');
      const context = Context.current();
      const beat = setInterval(() => context.heartbeat(), 50);
      await context.cancelled.catch((error) => {
        if (!(error instanceof CancelledFailure)) throw error;
      });
      clearInterval(beat);
      return work('reread');
    });
    await until(
      async () => calledTimes(calls, 'backfill'),
      (count) => count === 1,
    );
    await wake();
    await ended();
    expect(calls).not.toContain('reread');
  });
});

test('a long life goes on in new runs, wakes in between are answered, and no history grows', async () => {
  const { calls, wake, handle, ended } = await live((name, times) =>
    name === 'cycle' && times >= 100 ? { kind: 'gone' } : work('cycle'),
  );
  const first = (await handle.describe()).runId;
  const waking = (async () => {
    for (let i = 0; i < 20; i++) {
      await wake().catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  })();
  await ended();
  await waking;
  expect(calledTimes(calls, 'cycle')).toBe(100);
  const last = await handle.describe();
  expect(last.runId).not.toBe(first);
  expect(last.historyLength).toBeLessThan(500);
}, 120_000);

test('an activity that crashes is tried again, and the story goes on', async () => {
  const { calls, ended } = await live((name, times) => {
    if (name === 'plan') return work('catalog');
    if (times < 3) throw new Error('the database is away');
    return { kind: 'gone' };
  });
  await ended();
  expect(calledTimes(calls, 'catalog')).toBe(3);
});

// The encryption key is changed on all programs of a hub; whoever must open credentials meanwhile is listened to.
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../workflows/worker-process.ts';
import type { Hub } from './hub.ts';
import type { Program } from './program.ts';

export async function restartAll(hub: Hub, keys: string): Promise<void> {
  await Promise.all([hub.server, ...hub.workers].map((program) => restart(program, keys)));
}

async function restart(program: Program, keys: string): Promise<void> {
  const before = program.lives();
  program.change({ TRACKER_ENCRYPTION_KEY: keys });
  program.terminate();
  await until(
    async () => program.lives(),
    (lives) => lives > before,
  );
  await program.ready();
}

export async function keysInUse(hub: Hub): Promise<string[]> {
  const rows = await hub.db.selectFrom('tracker_config').select('credentials_key_id').execute();
  return rows.map((row) => row.credentials_key_id).sort();
}

export async function blockedOnes(hub: Hub): Promise<string[]> {
  const rows = await hub.db.selectFrom('tracker_config').select('id').where('blocked_kind', 'is not', null).execute();
  return rows.map((row) => row.id);
}

/** What the API answers to a test of stored credentials. */
// biome-ignore lint/suspicious/noExplicitAny: it may be any answer
type Verdict = any;

/** Asks the API for the tracker's verdict, for which it must open the credentials, until told to stop. */
export function askOn(hub: Hub, configId: string, isFailure: (told: Verdict) => boolean) {
  const failures: unknown[] = [];
  let asked = 0;
  let isOver = false;
  const asking = (async () => {
    while (!isOver) {
      const told = await hub.askOnce('POST', `/api/v1/trackers/${configId}/test`).catch(() => null);
      // Nobody is there while the API starts again; who is there must be able to read.
      if (told !== null) asked++;
      if (told !== null && isFailure(told.json)) failures.push(told);
      await sleep(200);
    }
  })();
  return {
    failures,
    async stop() {
      isOver = true;
      await asking;
      return asked;
    },
  };
}

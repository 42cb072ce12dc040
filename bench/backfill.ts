// Whole backfill beside the reference: clicks per second from the connection's first call to its last commit, in turn.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { LedgerAccess } from '../simulator/hosted-ledgers.ts';
import { connect, forget, type Hub, untilSynced } from './hub.ts';
import type { ReferenceAsk, ReferenceResult } from './reference.ts';

const REFERENCE = fileURLToPath(new URL('./reference.ts', import.meta.url));

export interface Pace {
  rows: number;
  rowsPerSecond: number;
}

/** @returns the config that was read, too */
export async function measureBackfill(hub: Hub, ledger: LedgerAccess): Promise<Pace & { configId: string }> {
  await forget(hub);
  const startedAt = performance.now();
  const { id } = await connect(hub, ledger, { syncIntervalMinutes: 1440 });
  await untilSynced(hub, id);
  const seconds = (performance.now() - startedAt) / 1_000;
  const rows = await clicksOf(hub, id);
  return { configId: id, rows, rowsPerSecond: rows / seconds };
}

const clicksOf = async (hub: Hub, id: string): Promise<number> =>
  Number((await hub.db.query('select count(*) from click where tracker_config_id = $1', [id])).rows[0].count);

/** A process of its own, as the worker is one. */
export async function measureReference(hub: Hub, ledger: LedgerAccess, range: { from: Date; to: Date }): Promise<Pace> {
  await hub.db.query('checkpoint');
  const ask: ReferenceAsk = {
    ...{ databaseUrl: hub.databaseUrl, url: ledger.url, apiKey: ledger.apiKey },
    ...{ from: wallClock(range.from), to: wallClock(range.to) },
  };
  const child = spawn(process.execPath, [REFERENCE, JSON.stringify(ask)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk;
  });
  const [code] = (await once(child, 'close')) as [number];
  if (code !== 0) throw new Error(`the reference ended with ${code}`);
  const { rows, ms } = JSON.parse(text) as ReferenceResult;
  await hub.db.query('drop table reference_click');
  return { rows, rowsPerSecond: rows / (ms / 1_000) };
}

const wallClock = (time: Date): string => time.toISOString().slice(0, 19).replace('T', ' ');

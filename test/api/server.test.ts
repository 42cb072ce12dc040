// The server's root over real sockets: with Temporal away it serves all the same; with Temporal there it wakes workflows.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { z } from 'zod';
import { loadConfig } from '../../src/config.ts';
import { syncWorkflowId } from '../../src/core/sync.ts';
import { startServer } from '../../src/server.ts';
import { type FreshDatabase, freshDatabase } from '../setup/database.ts';

const ADMIN_API_KEY = 'a-key-of-the-tests-0123456789';
const NOBODY = '127.0.0.1:1';

let database: FreshDatabase;
let dataDir: string;

beforeAll(async () => {
  database = await freshDatabase();
  dataDir = mkdtempSync(join(tmpdir(), 'tracker-hub-server-'));
});
afterAll(async () => {
  await database.drop();
  rmSync(dataDir, { recursive: true, force: true });
});

const start = (temporalAddress: string, given: NodeJS.ProcessEnv = {}) =>
  startServer(
    loadConfig({
      ...{ PORT: '0', DATA_DIR: dataDir, DATABASE_URL: database.url, TEMPORAL_ADDRESS: temporalAddress },
      ...{ TRACKER_ENCRYPTION_KEY: 'ab'.repeat(32), AUTH_SECRET: 'x'.repeat(32), LOG_LEVEL: 'silent' },
      ...{ ADMIN_PASSWORD: 'a password', ADMIN_API_KEY },
      ...given,
    }),
  );

const headers = { authorization: `Bearer ${ADMIN_API_KEY}`, 'content-type': 'application/json' };
const connect = (address: string, name: string) =>
  fetch(`${address}/api/v1/trackers`, {
    ...{ method: 'POST', headers },
    body: JSON.stringify({ type: 'keitaro', name, url: 'https://panel.example.com', credentials: { apiKey: 'k' } }),
  });

const idOf = async (response: Response): Promise<string> =>
  z.object({ id: z.string() }).parse(await response.json()).id;

describe('with Temporal away', () => {
  test('serves, accepts commands, and says what is missing', async () => {
    const server = await start(NOBODY);
    try {
      const connected = await connect(server.address, 'Without Temporal');
      expect(connected.status).toBe(201);
      const id = await idOf(connected);
      const paused = await fetch(`${server.address}/api/v1/trackers/${id}/pause`, { method: 'POST', headers });
      expect(paused.status).toBe(202);
      const ready = await fetch(`${server.address}/readyz`);
      expect(ready.status).toBe(503);
      expect(await ready.json()).toMatchObject({
        database: { ok: true },
        temporal: { ok: false, detail: 'does not answer' },
      });
    } finally {
      await server.stop();
    }
    await expect(fetch(`${server.address}/healthz`)).rejects.toThrow();
  });

  test('the first user is made once', async () => {
    const again = await start(NOBODY, { ADMIN_API_KEY: 'another-key-0123456789' });
    try {
      expect((await fetch(`${again.address}/api/v1/trackers`, { headers })).status).toBe(200);
      const other = await fetch(`${again.address}/api/v1/trackers`, {
        headers: { authorization: 'Bearer another-key-0123456789' },
      });
      expect(other.status).toBe(401);
    } finally {
      await again.stop();
    }
  });

  test('nothing is generated where somebody can sign in already', async () => {
    await (await start(NOBODY, { ADMIN_PASSWORD: '', ADMIN_API_KEY: '' })).stop();
    expect(readdirSync(dataDir)).toEqual([]);
  });

  test('a missing variable is named before anything starts', async () => {
    await expect(start(NOBODY, { TRACKER_ENCRYPTION_KEY: '', AUTH_SECRET: '' })).rejects.toThrow(
      /TRACKER_ENCRYPTION_KEY[\s\S]*AUTH_SECRET/,
    );
  });
});

describe('with Temporal there', () => {
  test('a new config has its workflow, and a repeated wake is harmless', async () => {
    const server = await start(inject('temporalAddress'));
    const connection = await Connection.connect({ address: inject('temporalAddress') });
    try {
      const id = await idOf(await connect(server.address, 'With Temporal'));
      const sync = await fetch(`${server.address}/api/v1/trackers/${id}/sync`, { method: 'POST', headers });
      expect(sync.status).toBe(202);
      const client = new Client({ connection });
      const description = await client.workflow.getHandle(syncWorkflowId(id)).describe();
      expect(description.type).toBe('trackerSync');
      // A worker of another test may have found no such config in its database, and ended it.
      await client.workflow
        .getHandle(syncWorkflowId(id))
        .terminate('the test is over')
        .catch(() => {});
    } finally {
      await connection.close();
      await server.stop();
    }
  });
});

test('a taken port ends the start with its reason', async () => {
  const one = await start(NOBODY);
  try {
    await expect(start(NOBODY, { PORT: new URL(one.address).port })).rejects.toThrow(/EADDRINUSE/);
  } finally {
    await one.stop();
  }
});

// A link to PostgreSQL that swallows everything: the statement fails, and the pool goes on with another connection.
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createDb } from '../../src/store/db.ts';
import { breakWhenSilent } from '../../src/store/silence.ts';
import { openWire, type Wire } from '../crash/tcp-proxy.ts';

const SILENCE_MS = 1_000;
let wire: Wire;
let pool: pg.Pool;

beforeAll(async () => {
  const url = new URL(inject('databaseUrl'));
  wire = await openWire({ port: Number(url.port) });
  url.port = String(wire.port);
  pool = new pg.Pool({ connectionString: url.href, max: 1 });
  pool.on('error', () => {});
  pool.on('connect', (client) => {
    client.on('error', () => {});
    breakWhenSilent(client, SILENCE_MS);
  });
});

afterAll(async () => {
  await pool.end();
  await wire.close();
});

const one = async (): Promise<unknown> => (await pool.query('select 1 as one')).rows[0];

test('a statement that is never answered fails, and the next one has a connection that works', async () => {
  expect(await one()).toEqual({ one: 1 });
  wire.set({ is: 'hole' });
  await expect(one()).rejects.toThrow('PostgreSQL has fallen silent');
  wire.set({ is: 'through' });
  expect(await one()).toEqual({ one: 1 });
}, 20_000);

test('at rest, lent or not, a connection may be silent as long as it likes', async () => {
  const client = await pool.connect();
  const pid = async () => (await client.query('select pg_backend_pid() as pid')).rows[0].pid;
  const before = await pid();
  await new Promise((resolve) => setTimeout(resolve, SILENCE_MS * 2));
  expect(await pid()).toBe(before);
  client.release();
});

test('who holds locks and has gone without a word is let go by the server', async () => {
  const db = createDb(inject('databaseUrl'), { max: 1 });
  const names = ['idle_in_transaction_session_timeout', 'tcp_keepalives_idle', 'TimeZone'];
  const { rows } = await sql<{ name: string; setting: string }>`
    select name, setting from pg_settings where name = any(${names}) order by name`.execute(db);
  await db.destroy();
  expect(rows.map(({ name, setting }) => [name, setting])).toEqual([
    ['TimeZone', 'UTC'],
    ['idle_in_transaction_session_timeout', '60000'],
    ['tcp_keepalives_idle', '30'],
  ]);
});

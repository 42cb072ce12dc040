// The test ground itself: databases are separate and vanish, Temporal answers.
import { Connection } from '@temporalio/client';
import pg from 'pg';
import { expect, inject, test } from 'vitest';
import { freshDatabase } from './database.ts';

async function query(url: string, statement: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query(statement);
  } finally {
    await client.end();
  }
}

test('two fresh databases do not see each other and are gone after drop', async () => {
  const [one, other] = await Promise.all([freshDatabase(), freshDatabase()]);
  await query(one.url, 'create table only_here (id int)');
  await expect(query(other.url, 'select * from only_here')).rejects.toThrow('only_here');
  const kept = new pg.Client({ connectionString: one.url });
  kept.on('error', () => {});
  await kept.connect();
  await one.drop();
  await other.drop();
  await expect(query(one.url, 'select 1')).rejects.toThrow('does not exist');
});

test('PostgreSQL is the version that production runs, in UTF-8 and UTC', async () => {
  const settings = await query(
    inject('databaseUrl'),
    `select current_setting('server_version_num')::int / 10000 as major, current_setting('TimeZone') as zone,
            pg_encoding_to_char(encoding) as encoding from pg_database where datname = current_database()`,
  );
  expect(settings.rows[0]).toEqual({ major: 18, zone: 'UTC', encoding: 'UTF8' });
});

test('Temporal serves its default namespace', async () => {
  const connection = await Connection.connect({ address: inject('temporalAddress') });
  const { namespaceInfo } = await connection.workflowService.describeNamespace({ namespace: 'default' });
  expect(namespaceInfo?.name).toBe('default');
  await connection.close();
});

// The places in which a secret could have been left: files, every table of a database, everything that Temporal tells.
import { createReadStream, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { Search } from './search.ts';

/** Every file of a folder, as raw bytes; files may come and go meanwhile. */
export async function searchFolder(search: Search, folder: string): Promise<void> {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    try {
      await search.stream(file, createReadStream(file));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
}

/** A dump as text: all rows of all tables of all schemas but PostgreSQL's own, and what views and functions are made of. */
export async function searchDatabase(search: Search, url: string, name = 'database'): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ table: string; relation: string }>(`
      select format('%I.%I', nspname, relname) as table, nspname || '.' || relname as relation
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where relkind in ('r', 'm') and nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
        and c.relpersistence <> 't'
      order by 1`);
    for (const { table, relation } of rows) {
      const stream = client.query(copyTo(`copy (select * from ${table}) to stdout`));
      await search.stream(`${name}, table ${relation}`, stream);
    }
    for (const query of [
      'select definition from pg_views union all select prosrc from pg_proc',
      'select description from pg_description',
      'select query from pg_stat_activity',
    ]) {
      const found = await client.query<{ [column: string]: string | null }>(query);
      await search.text(`${name}, ${query}`, JSON.stringify(found.rows));
    }
  } finally {
    await client.end();
  }
}

/** All workflows of a namespace: how they are listed and described, and every event of their histories. */
export async function searchWorkflows(search: Search, client: Client): Promise<number> {
  let events = 0;
  const { namespace } = client.options;
  for await (const workflow of client.workflow.list()) {
    const where = `workflow ${workflow.workflowId} of ${namespace}`;
    const execution = { workflowId: workflow.workflowId, runId: workflow.runId };
    await search.stream(`${where}, as listed`, contentsOf(workflow.raw));
    const described = await client.workflowService.describeWorkflowExecution({ namespace, execution });
    await search.stream(`${where}, as described`, contentsOf(described));
    const history = await client.workflow.getHandle(workflow.workflowId, workflow.runId).fetchHistory();
    events += history.events?.length ?? 0;
    await search.stream(`${where}, its history`, contentsOf(history));
  }
  for await (const schedule of client.schedule.list()) {
    const described = await client.schedule.getHandle(schedule.scheduleId).describe();
    await search.stream(`schedule ${schedule.scheduleId} of ${namespace}`, contentsOf(described.raw));
  }
  return events;
}

/** Every text, name and payload of a message, payloads decoded to their bytes. */
function* contentsOf(message: unknown): Generator<Buffer> {
  if (typeof message === 'string') yield Buffer.from(`${message}\n`);
  else if (message instanceof Uint8Array) yield Buffer.concat([message, Buffer.from('\n')]);
  else if (typeof message === 'object' && message !== null) {
    for (const [name, value] of Object.entries(message)) {
      yield Buffer.from(`${name}\n`);
      yield* contentsOf(value);
    }
  }
}

// Whether PostgreSQL answers within moments, which one it is, and how far its schema is.
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Db } from './db.ts';

export interface DatabaseHealth {
  ok: boolean;
  /** Why not, in words without a secret. */
  detail: string | null;
  latencyMs: number | null;
  version: string | null;
  /** The newest migration that was applied. */
  migration: string | null;
}

const PATIENCE_MS = 3_000;
const NOTHING = { ok: false, latencyMs: null, version: null, migration: null };

/** Never throws. */
export async function databaseHealth(db: Db): Promise<DatabaseHealth> {
  const begun = performance.now();
  const gaveUp = new AbortController();
  const asked = sql<{ version: string; migration: string | null }>`
    select current_setting('server_version') as version, (select max(name) from kysely_migration) as migration`
    .execute(db)
    .then(({ rows }): DatabaseHealth => {
      return { ok: true, detail: null, latencyMs: Math.round(performance.now() - begun), ...rows[0]! };
    })
    .catch((): DatabaseHealth => ({ ...NOTHING, detail: 'cannot be reached' }));
  const silence = sleep(PATIENCE_MS, { ...NOTHING, detail: 'does not answer' }, { signal: gaveUp.signal, ref: false });
  try {
    return await Promise.race([asked, silence]);
  } finally {
    silence.catch(() => {});
    gaveUp.abort();
  }
}

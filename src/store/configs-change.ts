// Changing and deleting a connected tracker. What a person changed is tried afresh: an old trouble no longer stands.
import { sql } from 'kysely';
import { CATALOG_RESOURCES, type JsonObject, LOG_RESOURCES } from '../core/resources.ts';
import { asConflict, ConfigConflict } from './configs-conflict.ts';
import type { Tx } from './db.ts';
import type { Vault } from './vault.ts';
import { type Credentials, sealCredentials } from './vault-credentials.ts';

export interface ConfigChange {
  name?: string;
  /** In its normal form. */
  url?: string;
  /** All of them, not only the changed ones. */
  settings?: JsonObject;
  credentials?: Credentials;
  credentialHints?: Record<string, string | null>;
}

/** A person did something about it: no old trouble stands, and the next try is the first. */
export const TROUBLE_CLEARED = {
  blocked_kind: null,
  fruitless_tries: 0,
  // What the tracker asked for (429) is waited for whatever we wish.
  retry_at: sql<Date | null>`case when retry_kind = 'rate_limited' then retry_at end`,
  retry_kind: sql<'rate_limited' | null>`case when retry_kind = 'rate_limited' then retry_kind end`,
} as const;

/**
 * @returns false where there is no such config
 * @throws ConfigConflict `name_taken`; `other_host` where rows of the old host are here already
 */
export async function changeConfig(tx: Tx, vault: Vault, configId: string, change: ConfigChange): Promise<boolean> {
  const row = await tx
    .selectFrom('tracker_config')
    .select(['id', 'organization_id', 'url', 'credentials_version'])
    .where('id', '=', configId)
    .where('desired_state', '<>', 'deleting')
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (row === undefined) return false;
  const { name, url, settings, credentials, credentialHints } = change;
  if (url !== undefined && new URL(url).host !== new URL(row.url).host && (await hasData(tx, configId))) {
    throw new ConfigConflict(
      'other_host',
      'Rows of the old address are here already: connect the new one as a tracker of its own.',
    );
  }
  const isAnotherConnection = url !== undefined || settings !== undefined || credentials !== undefined;
  const version = row.credentials_version + 1;
  try {
    await tx
      .updateTable('tracker_config')
      .set({
        updated_at: sql<Date>`now()`,
        ...(name === undefined ? {} : { name }),
        ...(url === undefined ? {} : { url }),
        ...(settings === undefined ? {} : { settings: JSON.stringify(settings) }),
        ...(credentials === undefined
          ? {}
          : {
              ...sealCredentials(vault, { ...row, credentials_version: version }, credentials),
              credentials_version: version,
              credential_hints: JSON.stringify(credentialHints ?? {}),
            }),
        ...(isAnotherConnection ? { ...TROUBLE_CLEARED, last_error: null } : {}),
      })
      .where('id', '=', configId)
      .execute();
  } catch (error) {
    throw asConflict(error);
  }
  if (isAnotherConnection) await askAgain(tx, configId);
  return true;
}

/** @returns false where there is no such config. Its rows go in the background. */
export async function deleteConfig(tx: Tx, configId: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('tracker_config')
    .set({ desired_state: 'deleting', updated_at: sql<Date>`now()` })
    .where('id', '=', configId)
    .where('desired_state', '<>', 'deleting')
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

async function hasData(tx: Tx, configId: string): Promise<boolean> {
  const { rows } = await sql<{ has: boolean }>`select
    exists (select from click where tracker_config_id = ${configId}::uuid)
    or exists (select from conversion where tracker_config_id = ${configId}::uuid)
    or exists (select from campaign where tracker_config_id = ${configId}::uuid)
    or exists (select from offer where tracker_config_id = ${configId}::uuid) as has`.execute(tx);
  return rows[0]!.has;
}

/** What the tracker refused may be given now: it is asked for at once, not when its turn comes. */
export async function askAgain(tx: Tx, configId: string): Promise<void> {
  const asked = await tx
    .updateTable('tracker_resource')
    .set({
      state: sql<'ok' | 'pending'>`case when state = 'ok' then 'ok' else 'pending' end`,
      ...{ reason: null, refusals: 0, refused_since: null, retry_at: null, asked_at: null },
    })
    .where('tracker_config_id', '=', configId)
    .where((where) => where.or([where('refused_since', 'is not', null), where('state', '=', 'unavailable')]))
    .returning('resource')
    .execute();
  const has = (some: readonly string[]): boolean => asked.some(({ resource }) => some.includes(resource));
  if (has(CATALOG_RESOURCES)) await askForCatalog(tx, configId);
  if (has(LOG_RESOURCES)) await askForCycle(tx, configId);
}

async function askForCatalog(tx: Tx, configId: string): Promise<void> {
  await tx.updateTable('tracker_config').set({ catalog_read_at: null }).where('id', '=', configId).execute();
}

/** One that is under way has planned its windows without what was refused: it begins anew. */
async function askForCycle(tx: Tx, configId: string): Promise<void> {
  await sql`
    insert into run (organization_id, tracker_config_id, kind)
    select organization_id, id, 'cycle' from tracker_config where id = ${configId}::uuid
    on conflict (tracker_config_id) where kind = 'cycle' and state in ('queued', 'running')
    do update set state = 'queued'`.execute(tx);
}

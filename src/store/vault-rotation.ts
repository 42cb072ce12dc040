// Key rotation: credentials under an older key are sealed again under the newest one, while everything else goes on.
import type { Db } from './db.ts';
import { type Vault, VaultError, type VaultProblem } from './vault.ts';
import { openCredentials, sealCredentials } from './vault-credentials.ts';

export interface Rotation {
  /** Rows now under the newest key. */
  resealed: number;
  /** Rows that somebody else held or changed meanwhile: the next rotation finds them. */
  skipped: number;
  /** Configs whose blob does not open; they keep it, since a missing key may be given again. */
  unopened: { configId: string; problem: VaultProblem }[];
}

/**
 * Seals every row again that is not under the newest key, one short transaction each: killed in the middle, each row
 * is under one key or the other, and both open it. Several may run at once.
 */
export async function resealAll(db: Db, vault: Vault): Promise<Rotation> {
  const rotation: Rotation = { resealed: 0, skipped: 0, unopened: [] };
  const due = await db
    .selectFrom('tracker_config')
    .select('id')
    .where('credentials_key_id', '<>', vault.newestKeyId)
    .orderBy('id')
    .execute();
  for (const { id } of due) {
    const outcome = await reseal(db, vault, id);
    if (outcome === 'resealed') rotation.resealed++;
    else if (outcome === 'skipped') rotation.skipped++;
    else rotation.unopened.push({ configId: id, problem: outcome });
  }
  await dropTokens(db, vault);
  return rotation;
}

/** A token lives for hours: it is not sealed again but asked for anew. */
async function dropTokens(db: Db, vault: Vault): Promise<void> {
  await db
    .updateTable('tracker_session')
    .set({ token_sealed: null, token_key_id: null, renew_at: null })
    .where('token_key_id', '<>', vault.newestKeyId)
    .execute();
}

async function reseal(db: Db, vault: Vault, configId: string): Promise<'resealed' | 'skipped' | VaultProblem> {
  return db.transaction().execute(async (tx) => {
    // NO KEY UPDATE: the sync's page transactions hold the row FOR KEY SHARE and must not be waited for.
    const row = await tx
      .selectFrom('tracker_config')
      .select(['id', 'organization_id', 'credentials_version', 'credentials_sealed'])
      .where('id', '=', configId)
      .where('credentials_key_id', '<>', vault.newestKeyId)
      .forNoKeyUpdate()
      .skipLocked()
      .executeTakeFirst();
    if (row === undefined) return 'skipped';
    try {
      const sealed = sealCredentials(vault, row, openCredentials(vault, row));
      const { numUpdatedRows } = await tx
        .updateTable('tracker_config')
        .set(sealed)
        .where('id', '=', configId)
        .where('credentials_sealed', '=', row.credentials_sealed)
        .executeTakeFirst();
      return numUpdatedRows === 1n ? 'resealed' : 'skipped';
    } catch (error) {
      if (error instanceof VaultError) return error.problem;
      throw error;
    }
  });
}

/**
 * Frees configs that were parked for a key that is here: given back by now, or missing only where another worker has
 * not been told of it yet.
 * @returns their ids
 */
export async function freeParked(db: Db, vault: Vault): Promise<string[]> {
  const parked = await db
    .selectFrom('tracker_config')
    .select(['id', 'organization_id', 'credentials_version', 'credentials_sealed'])
    .where('blocked_kind', '=', 'vault')
    .orderBy('id')
    .execute();
  const freed: string[] = [];
  for (const row of parked) {
    if (!opens(vault, row)) continue;
    const { numUpdatedRows } = await db
      .updateTable('tracker_config')
      .set({ blocked_kind: null, last_error: null })
      .where('id', '=', row.id)
      .where('blocked_kind', '=', 'vault')
      .executeTakeFirst();
    if (numUpdatedRows === 1n) freed.push(row.id);
  }
  return freed;
}

function opens(vault: Vault, row: Parameters<typeof openCredentials>[1]): boolean {
  try {
    openCredentials(vault, row);
    return true;
  } catch (error) {
    if (error instanceof VaultError) return false;
    throw error;
  }
}

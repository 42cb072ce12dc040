// Connecting a tracker: its row with sealed credentials, its resources and its status map, all or nothing, once per idempotency key.
import { sql } from 'kysely';
import type { JsonObject, Resource } from '../core/resources.ts';
import type { StatusMeaning } from '../core/statuses.ts';
import { asConflict, ConfigConflict } from './configs-conflict.ts';
import type { Tx } from './db.ts';
import { type Vault, VaultError } from './vault.ts';
import { type Credentials, openCredentials, sealCredentials } from './vault-credentials.ts';

export interface NewConfig {
  organizationId: string;
  type: string;
  name: string;
  /** In its normal form. */
  url: string;
  settings: JsonObject;
  credentials: Credentials;
  credentialHints: Record<string, string | null>;
  resources: readonly Resource[];
  /** By raw status in lower case. */
  statuses: Readonly<Record<string, Required<StatusMeaning>>>;
}

export type CreateWarning = 'already_connected';

export interface CreatedConfig {
  configId: string;
  warnings: CreateWarning[];
  /** True where the same request was already carried out: nothing was written now. */
  isRepeat: boolean;
}

/**
 * @param idempotencyKey a repeat with the same key and content gives what the first one made
 * @throws ConfigConflict `name_taken`, or `idempotency_key_reused` where the content differs
 */
export async function createConfig(
  tx: Tx,
  vault: Vault,
  config: NewConfig,
  idempotencyKey: string | null,
): Promise<CreatedConfig> {
  const { rows } = await sql<{ id: string }>`select uuidv7() as id`.execute(tx);
  const configId = rows[0]!.id;
  const warnings: CreateWarning[] = (await isConnected(tx, vault, config)) ? ['already_connected'] : [];
  if (idempotencyKey !== null) {
    const earlier = await claimKey(tx, vault, config, { key: idempotencyKey, configId, warnings });
    if (earlier !== null) return earlier;
  }
  try {
    await insertConfig(tx, vault, configId, config);
  } catch (error) {
    throw asConflict(error);
  }
  return { configId, warnings, isRepeat: false };
}

async function insertConfig(tx: Tx, vault: Vault, configId: string, config: NewConfig): Promise<void> {
  const { organizationId, resources, statuses } = config;
  const place = { id: configId, organization_id: organizationId, credentials_version: 1 };
  await tx
    .insertInto('tracker_config')
    .values({
      ...place,
      ...sealCredentials(vault, place, config.credentials),
      type: config.type,
      name: config.name,
      url: config.url,
      settings: JSON.stringify(config.settings),
      credential_hints: JSON.stringify(config.credentialHints),
    })
    .execute();
  const owner = { tracker_config_id: configId, organization_id: organizationId };
  if (resources.length > 0) {
    await tx
      .insertInto('tracker_resource')
      .values(resources.map((resource) => ({ ...owner, resource })))
      .execute();
  }
  const meanings = Object.entries(statuses);
  if (meanings.length > 0) {
    await tx
      .insertInto('status_map')
      .values(meanings.map(([raw_status, meaning]) => ({ ...owner, raw_status, ...meaning, is_default: true })))
      .execute();
  }
}

/** The first request with a key keeps it; one that comes at the same moment waits here until the first is through. */
async function claimKey(
  tx: Tx,
  vault: Vault,
  config: NewConfig,
  claim: { key: string; configId: string; warnings: CreateWarning[] },
): Promise<CreatedConfig | null> {
  const { organizationId, type, name, url, settings, credentials } = config;
  const hashes = vault.fingerprints(canonical({ type, name, url, settings, credentials: { ...credentials } }));
  const claimed = await tx
    .insertInto('idempotency_key')
    .values({
      organization_id: organizationId,
      key: claim.key,
      request_hash: hashes[0]!,
      tracker_config_id: claim.configId,
      warnings: claim.warnings,
    })
    .onConflict((conflict) => conflict.columns(['organization_id', 'key']).doNothing())
    .executeTakeFirst();
  if (claimed.numInsertedOrUpdatedRows === 1n) return null;
  const earlier = await tx
    .selectFrom('idempotency_key')
    .innerJoin('tracker_config', 'tracker_config.id', 'idempotency_key.tracker_config_id')
    .select(['request_hash', 'tracker_config_id', 'warnings', 'desired_state'])
    .where('idempotency_key.organization_id', '=', organizationId)
    .where('key', '=', claim.key)
    .executeTakeFirst();
  if (earlier === undefined || earlier.desired_state === 'deleting') {
    throw new ConfigConflict('idempotency_key_reused', 'The tracker that was connected with this key is deleted.');
  }
  if (!hashes.some((hash) => hash.equals(earlier.request_hash))) {
    throw new ConfigConflict('idempotency_key_reused', 'This key was used for another request.');
  }
  const warnings = earlier.warnings.filter((warning) => warning === 'already_connected');
  return { configId: earlier.tracker_config_id, warnings, isRepeat: true };
}

/** Whether the organisation has the same account already: same type, address and credentials. */
async function isConnected(tx: Tx, vault: Vault, config: NewConfig): Promise<boolean> {
  const candidates = await tx
    .selectFrom('tracker_config')
    .select(['id', 'organization_id', 'credentials_version', 'credentials_sealed'])
    .where('type', '=', config.type)
    .where('url', '=', config.url)
    .where('desired_state', '<>', 'deleting')
    .execute();
  const wanted = canonical({ ...config.credentials });
  return candidates.some((row) => {
    try {
      return canonical({ ...openCredentials(vault, row) }) === wanted;
    } catch (error) {
      if (error instanceof VaultError) return false;
      throw error;
    }
  });
}

/** The same text for the same content, whatever the order of its keys. */
function canonical(value: JsonObject): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

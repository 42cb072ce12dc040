// Rows for tests, put in as the sync would leave them.
import { randomUUID } from 'node:crypto';
import { type Insertable, type Kysely, sql } from 'kysely';
import type { Database, Db } from '../../src/store/db.ts';
import type { CampaignTable, ClickTable, ConversionTable } from '../../src/store/record-tables.ts';
import type { TrackerConfigTable } from '../../src/store/tables.ts';
import { createVault, type Vault } from '../../src/store/vault.ts';
import { sealCredentials } from '../../src/store/vault-credentials.ts';
import { CANARY } from '../leaks/canary.ts';

/** Found by the search for what is left behind; answers show its last four characters. */
export const KEY = `${CANARY}-SECRET-wxyz`;
const spareVault = createVault([{ id: 'spare', key: Buffer.alloc(32, 9) }]);

/** A connected Keitaro account; everything about it can be set. */
export async function seedConfig(
  db: Db,
  organizationId: string,
  given: Partial<Insertable<TrackerConfigTable>> & { vault?: Vault } = {},
): Promise<string> {
  const { vault = spareVault, id = randomUUID(), ...columns } = given;
  const place = { id, organization_id: organizationId, credentials_version: 1 };
  await db
    .insertInto('tracker_config')
    .values({
      ...place,
      ...sealCredentials(vault, place, { apiKey: KEY }),
      credential_hints: JSON.stringify({ apiKey: KEY.slice(-4) }),
      type: 'keitaro',
      name: `tracker ${id}`,
      url: 'https://panel.example.com',
      ...columns,
    })
    .execute();
  await db
    .insertInto('tracker_resource')
    .values(
      ['campaigns', 'clicks', 'conversions'].map((resource) => ({
        ...{ tracker_config_id: id, organization_id: organizationId, resource },
      })),
    )
    .execute();
  await db
    .insertInto('status_map')
    .values(
      (
        [
          ['lead', 'pending', false],
          ['sale', 'approved', false],
          ['rejected', 'rejected', false],
          ['hold', 'hold', false],
          ['chargeback', 'rejected', true],
        ] as const
      ).map(([raw_status, status, reversed]) => ({
        ...{ tracker_config_id: id, organization_id: organizationId, raw_status, status, reversed },
      })),
    )
    .execute();
  return id;
}

interface Owner {
  configId: string;
  organizationId: string;
}

const owned = ({ configId, organizationId }: Owner) => ({
  tracker_config_id: configId,
  organization_id: organizationId,
  row_hash: randomUUID(),
});

export async function seedCampaign(
  db: Db,
  owner: Owner,
  external_id: string,
  given: Partial<Insertable<CampaignTable>> = {},
): Promise<string> {
  const id = randomUUID();
  const row = {
    ...owned(owner),
    id,
    external_id,
    name: `campaign ${external_id}`,
    state: 'active',
    raw: '{}',
    ...given,
  };
  await db.insertInto('campaign').values(row).execute();
  return id;
}

export async function seedClicks(
  db: Db,
  owner: Owner,
  clicks: readonly (Partial<Insertable<ClickTable>> & { clicked_at: string })[],
): Promise<void> {
  const rows = clicks.map((click) => ({ ...owned(owner), external_id: randomUUID(), currency: 'USD', ...click }));
  await db.insertInto('click').values(rows).execute();
  await markAll(db);
}

export async function seedConversions(
  db: Db,
  owner: Owner,
  conversions: readonly (Partial<Insertable<ConversionTable>> & { converted_at: string; raw_status: string })[],
): Promise<void> {
  const rows = conversions.map((one) => ({
    ...owned(owner),
    external_id: randomUUID(),
    currency: 'USD',
    raw: '{}',
    ...one,
  }));
  await db.insertInto('conversion').values(rows).execute();
  await markAll(db);
}

/** The loader marks what it writes; here everything is marked, which is as true. */
export async function markAll(db: Kysely<Database>): Promise<void> {
  await sql`
    insert into rollup_mark (organization_id, tracker_config_id, source, hour)
    select distinct organization_id, tracker_config_id, source, hour_of(at) from (
      select organization_id, tracker_config_id, clicked_at as at from click
      union all select organization_id, tracker_config_id, converted_at from conversion
      union all select organization_id, tracker_config_id, clicked_at from conversion
    ) touched, unnest(array['click', 'conversion']) source where at is not null`.execute(db);
}

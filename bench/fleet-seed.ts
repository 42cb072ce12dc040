// Many configs as they are after their first sync: the benchmark is about what goes on then, for ever.
import { randomUUID } from 'node:crypto';
import type { LedgerAccess } from '../simulator/hosted-ledgers.ts';
import { loadConfig } from '../src/config.ts';
import { slotAfter, slotAt } from '../src/core/slots.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, readableUntil } from '../src/core/windows.ts';
import { generatedKeys } from '../src/local/generated-keys.ts';
import { createVault } from '../src/store/vault.ts';
import { sealCredentials } from '../src/store/vault-credentials.ts';
import type { Hub } from './hub.ts';

const RESOURCES = ['campaigns', 'offers', 'landing_pages', 'flows', 'traffic_sources', 'affiliate_networks'];
const LOGS = ['clicks', 'conversions'];

/** Each config has a tracker of its own, as in life: those of one tracker would take turns. */
const installation = ({ url, name }: LedgerAccess, i: number): string => url.replace(`/${name}/`, `/${name}~${i}/`);

/** @returns the ids; all of them read the same ledger */
export async function seedFleet(hub: Hub, ledger: LedgerAccess, count: number, minutes: number): Promise<string[]> {
  const vault = createVault(loadConfig({ ...process.env, ...generatedKeys(hub.dataDir, process.env) }).encryptionKeys!);
  const organizationId = (await hub.db.query('select id from auth.organization limit 1')).rows[0].id as string;
  const now = new Date();
  const rows = Array.from({ length: count }, (_, i) => {
    const id = randomUUID();
    const place = { id, organization_id: organizationId, credentials_version: 1 };
    const intervalMs = minutes * MINUTE_MS;
    const until = readableUntil(now);
    return {
      ...place,
      ...sealCredentials(vault, place, { apiKey: ledger.apiKey }),
      ...{ type: 'keitaro', name: `fleet ${minutes} ${i}`, url: installation(ledger, i) },
      settings: { syncIntervalMinutes: minutes, backfillDays: 30, currency: 'USD', timezone: 'UTC' },
      backfill_from: new Date(until.getTime() - 30 * DAY_MS),
      ...{ backfill_to: until, first_synced_at: now, last_synced_at: now, read_to: until },
      last_slot_at: slotAt(id, now, intervalMs),
      // Compared with the tracker's totals as far as that: the hour's next cycle compares again.
      ...{ totals_fresh_at: slotAt(id, now, intervalMs), totals_all_fresh_at: slotAt(id, now, intervalMs) },
      next_sync_at: slotAfter(id, now, intervalMs),
      // Hourly work is spread over the hour, as it is in a fleet that has been running for long.
      catalog_read_at: new Date(now.getTime() - (i / count) * HOUR_MS),
    };
  });
  for (let at = 0; at < count; at += 500) await insert(hub, rows.slice(at, at + 500));
  await hub.db.query('analyze');
  return rows.map(({ id }) => id);
}

async function insert(hub: Hub, rows: readonly object[]): Promise<void> {
  const given = JSON.stringify(rows);
  await hub.db.query(
    `insert into tracker_config (id, organization_id, credentials_version, credentials_sealed, credentials_key_id, type, name,
      url, settings, backfill_from, backfill_to, first_synced_at, last_synced_at, last_slot_at, next_sync_at, catalog_read_at, totals_fresh_at, totals_all_fresh_at)
    select id, organization_id, credentials_version, credentials_sealed, credentials_key_id, type, name,
      url, settings, backfill_from, backfill_to, first_synced_at, last_synced_at, last_slot_at, next_sync_at, catalog_read_at, totals_fresh_at, totals_all_fresh_at
    from jsonb_populate_recordset(null::tracker_config, $1)`,
    [given],
  );
  await hub.db.query(
    `insert into tracker_resource (tracker_config_id, organization_id, resource, state, read_to, last_synced_at)
    select c.id, c.organization_id, r, 'ok', case when r = any($2) then c.backfill_to end, now()
    from jsonb_populate_recordset(null::tracker_config, $1) c, unnest($3::text[]) r`,
    [given, LOGS, [...RESOURCES, ...LOGS]],
  );
}

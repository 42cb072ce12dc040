// The catalog: campaigns, offers, landing pages, flows, traffic sources, affiliate networks, each with the tracker's own record.
import { type Kysely, sql } from 'kysely';

const OWN_COLUMNS: Record<string, string> = {
  campaign: `alias text, type text, traffic_source_external_id text, cost_type text,
    cost_value numeric check (cost_value between -1e12 and 1e12), currency text, group_external_id text`,
  offer: `affiliate_network_external_id text, offer_url text,
    payout numeric check (payout between -1e12 and 1e12), payout_type text, currency text, countries text[]`,
  landing_page: 'type text, landing_url text, offer_count integer',
  flow: `campaign_external_id text, type text, schema text, position integer,
    weight numeric check (weight between -1e12 and 1e12), landing_pages jsonb, offers jsonb, filters jsonb`,
  traffic_source: 'postback_url text, parameters jsonb',
  affiliate_network: 'postback_url text',
};

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const [table, columns] of Object.entries(OWN_COLUMNS)) {
    await sql
      .raw(`
      create table ${table} (
        id uuid primary key default uuidv7(),
        organization_id uuid not null,
        tracker_config_id uuid not null,
        external_id text not null,
        name text not null,
        state text,
        ${columns},
        created_at timestamptz(3),
        changed_at timestamptz(3),
        raw jsonb not null,
        row_hash uuid not null,
        first_seen_at timestamptz(3) not null default now(),
        updated_at timestamptz(3) not null default now(),
        gone_at timestamptz(3),
        unique (tracker_config_id, external_id)
      );
      create index ${table}_list_idx on ${table} (organization_id, first_seen_at desc, id desc);
    `)
      .execute(db);
  }
}

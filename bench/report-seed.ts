// A month of a large organisation, straight into PostgreSQL: what reports, lists and CSV are measured on.
import { createHash } from 'node:crypto';
import pg from 'pg';
import { TRACKER_TYPES } from '../src/adapters/index.ts';
import { createDb } from '../src/store/db.ts';
import { cleanRollups } from '../src/store/rollups.ts';
import type { Hub } from './hub.ts';

export interface ReportSize {
  configs: number;
  clicks: number;
  conversions: number;
  days: number;
}

export const MONTH: ReportSize = { configs: 20, clicks: 10_000_000, conversions: 400_000, days: 30 };

const CAMPAIGNS = 25;
const OFFERS = 40;
const SOURCES = 6;
const AT_ONCE = 2;

export interface Seeded {
  configIds: string[];
  from: Date;
  /** Whole UTC days. */
  to: Date;
}

const idOf = (name: string): string => {
  const hex = createHash('md5').update(name).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
};

/** Finds the month of an earlier run, or makes it. */
export async function seedReports(hub: Hub, size: ReportSize): Promise<Seeded> {
  const configIds = Array.from({ length: size.configs }, (_, i) => idOf(`reports ${i}`));
  const to = new Date('2026-11-01T00:00:00Z');
  const seeded = { configIds, to, from: new Date(to.getTime() - size.days * 86_400_000) };
  const { rows } = await hub.db.query('select count(*)::int as n from tracker_config where id = any($1)', [configIds]);
  const organizationId = (await hub.db.query('select id from auth.organization limit 1')).rows[0].id as string;
  if (rows[0].n !== size.configs) await seedMonth(hub, { ...seeded, organizationId, size });
  await seedAds(hub, organizationId, seeded);
  const db = createDb(hub.databaseUrl);
  while ((await cleanRollups(db)) > 0);
  await db.destroy();
  await hub.db.query('vacuum (analyze)');
  await hub.db.query('checkpoint');
  return seeded;
}

async function seedMonth(hub: Hub, month: Omit<ConfigSeed, 'configId' | 'i'>): Promise<void> {
  const { configIds } = month;
  const queue = configIds.map((configId, i) => ({ configId, i }));
  const work = async () => {
    const db = new pg.Client({ connectionString: hub.databaseUrl });
    await db.connect();
    try {
      await db.query('set synchronous_commit = off');
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        await seedConfig(db, { ...next, ...month });
      }
    } finally {
      await db.end();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  await hub.db.query('analyze');
}

interface ConfigSeed extends Seeded {
  configId: string;
  organizationId: string;
  i: number;
  size: ReportSize;
}

/** Paused, so that nobody asks its tracker, which is none. */
async function seedConfig(db: pg.Client, { configId, organizationId, i, size, from }: ConfigSeed): Promise<void> {
  const clicks = Math.round(size.clicks / size.configs);
  const each = Math.round(size.clicks / size.conversions);
  await db.query('begin');
  await db.query(
    `insert into tracker_config (id, organization_id, type, name, url, settings, credentials_sealed, credentials_key_id,
      desired_state, first_synced_at, last_synced_at)
    values ($1, $2, $5, $3, $4, '{"currency":"USD"}', 'none', 'none', 'paused', now(), now())`,
    [configId, organizationId, `reports ${i}`, `https://panel-${i}.example.com`, TRACKER_TYPES[0]],
  );
  await db.query(
    `insert into status_map (tracker_config_id, organization_id, raw_status, status) values
      ($1, $2, 'lead', 'pending'), ($1, $2, 'sale', 'approved'), ($1, $2, 'rejected', 'rejected'), ($1, $2, 'hold', 'hold')`,
    [configId, organizationId],
  );
  for (const [table, count] of Object.entries({ campaign: CAMPAIGNS, offer: OFFERS, traffic_source: SOURCES })) {
    await db.query(
      `insert into ${table} (tracker_config_id, organization_id, external_id, name, raw, row_hash)
      select $1::uuid, $2::uuid, n::text, $3::text || n, '{}', gen_random_uuid() from generate_series(0, $4::int - 1) n`,
      [configId, organizationId, `${table} `, count],
    );
  }
  await db.query(CLICKS, [configId, organizationId, clicks, from, size.days]);
  await db.query(CONVERSIONS, [configId, each]);
  await db.query(MARKS, [configId]);
  await db.query('commit');
}

/**
 * Few campaigns have most of the traffic; a campaign has its source, two or three offers, landing pages and flows, its
 * countries; a device its systems and browsers. Sub-ids are those of an ad platform: a click id of its own, and the ad's.
 */
const CLICKS = `
  insert into click (tracker_config_id, external_id, organization_id, clicked_at, campaign_external_id, offer_external_id,
    landing_page_external_id, flow_external_id, traffic_source_external_id, affiliate_network_external_id, cost, revenue,
    currency, country, region, city, device_type, os, browser, ip, is_bot, is_unique, landing_clicked, referrer, sub_ids, row_hash)
  select $1::uuid, substr(md5($1::uuid || '-' || n), 1, 20), $2::uuid, $4::timestamptz + make_interval(secs => (n - random()) * 86400.0 * $5::int / $3::int),
    c::text, ((c * 3 + (3 * r2)::int) % ${OFFERS})::text, (c * 2 + (r3 < 0.4)::int)::text, (c * 2 + (r4 < 0.3)::int)::text,
    (c % ${SOURCES})::text, (((c * 3 + (3 * r2)::int) % ${OFFERS}) % 4)::text, round((0.01 + 0.2 * r5)::numeric, 4), case when r6 < 0.02 then 12.5 else 0 end, 'USD',
    (array['US','DE','FR','GB','BR','IN','ID','MX','ES','IT','PL','TR'])[1 + (c * 5 + (4 * r7 ^ 3)::int) % 12],
    'Region ' || (20 * r8)::int, 'City ' || (200 * r2)::int, device,
    (case when device = 'mobile' then array['Android','Android','iOS'] when device = 'tablet' then array['iOS','Android','iOS'] else array['Windows','Windows','macOS'] end)[1 + (2 * r3)::int],
    (array['Chrome','Chrome','Safari','Firefox','Edge','Opera'])[1 + (5 * r4)::int],
    '198.51.' || (250 * r5)::int || '.' || (250 * r6)::int, r7 < 0.05, r8 < 0.8, r3 < 0.5,
    'https://news.example.com/article/' || (5000 * r2)::int,
    jsonb_build_object('1', 'fbclid-' || substr(md5(n::text), 1, 24), '2', '12020' || c, '3', '12021' || c * 4 + (3 * r5)::int,
      '4', '12022' || c * 20 + (19 * r6)::int, '5', (array['feed','story','reels','search'])[1 + (3 * r4)::int]),
    gen_random_uuid()
  from (
    select n, (${CAMPAIGNS - 1} * random() ^ 2.5)::int as c, random() as r2, random() as r3, random() as r4, random() as r5,
      random() as r6, random() as r7, random() as r8,
      (array['mobile','mobile','mobile','desktop','tablet'])[1 + (4 * random())::int] as device
    from generate_series(1, $3::int) n offset 0
  ) drawn`;

/** Of every so-manieth click, minutes to days later. */
const CONVERSIONS = `
  insert into conversion (tracker_config_id, external_id, organization_id, click_external_id, transaction_id, converted_at,
    clicked_at, raw_status, revenue, payout, currency, campaign_external_id, offer_external_id, landing_page_external_id,
    flow_external_id, traffic_source_external_id, affiliate_network_external_id, country, sub_ids, raw, row_hash)
  select tracker_config_id, 'v' || external_id, organization_id, external_id, 't' || external_id,
    clicked_at + make_interval(secs => 60 + 86400 * 3 * random() ^ 4), clicked_at,
    (array['lead','sale','sale','rejected','hold'])[1 + (4 * random())::int], round((5 + 40 * random())::numeric, 2), 10, 'USD',
    campaign_external_id, offer_external_id, landing_page_external_id, flow_external_id, traffic_source_external_id,
    affiliate_network_external_id, country, sub_ids,
    jsonb_build_object('id', external_id, 'status', 'sale', 'sub_id', external_id, 'ip', ip, 'referrer', referrer, 'subs', sub_ids),
    gen_random_uuid()
  from click where tracker_config_id = $1 and abs(hashtext(external_id)) % $2::int = 0`;

/** As the loader marks what it writes: conversions tell the time of their click. */
const MARKS = `
  insert into rollup_mark (organization_id, tracker_config_id, source, hour)
  select organization_id, tracker_config_id, 'click', hour_of(clicked_at) from click where tracker_config_id = $1
  union
  select organization_id, tracker_config_id, 'conversion', hour_of(at)
  from conversion, unnest(array[clicked_at, converted_at]) at where tracker_config_id = $1`;

/** Every fourth tracker names its ads. The accounts of half of the ad campaigns have their days in New York. */
const NAMES_ADS = 4;
const AD_CAMPAIGNS = 10;
const ADS_EACH = 20;

/** Of the campaigns with the most traffic each ad, with its spend of each day. */
async function seedAds(hub: Hub, organizationId: string, { configIds, from, to }: Seeded): Promise<void> {
  const { rows } = await hub.db.query('select count(*)::int as n from ad');
  if (rows[0].n > 0) return;
  const named = configIds.filter((_, i) => i % NAMES_ADS === 0);
  await hub.db.query(
    `insert into sub_id_map (tracker_config_id, organization_id, role, sub_id)
    select id, $1, role, sub_id from unnest($2::uuid[]) id,
      (values ('ad_campaign', 2), ('ad_set', 3), ('ad', 4)) roles (role, sub_id)`,
    [organizationId, named],
  );
  await hub.db.query(
    `insert into ad (organization_id, level, external_id, platform, name, ad_campaign_external_id, ad_set_external_id)
    select $1, 'ad', '12022' || c * $3::int + k, 'meta', 'Ad ' || c || '-' || k, '12020' || c, '12021' || c * 4 + k % 4
    from generate_series(0, $2::int - 1) c, generate_series(0, $3::int - 1) k`,
    [organizationId, AD_CAMPAIGNS, ADS_EACH],
  );
  await hub.db.query(
    `insert into ad_spend (organization_id, level, external_id, day, zone, amount, currency)
    select $1, 'ad', external_id, day, case when right(ad_campaign_external_id, 1)::int % 2 = 0 then 'UTC' else 'America/New_York' end,
      round((5 + 60 * random())::numeric, 2), 'USD'
    from ad, generate_series($2::timestamp, $3::timestamp - interval '1 day', interval '1 day') day`,
    [organizationId, from, to],
  );
}

// The catalog as lists: campaigns, offers, landing pages, flows, traffic sources, affiliate networks, newest first.
import { sql } from 'kysely';
import type { Json } from '../core/resources.ts';
import type { Tx } from './db.ts';
import { notDeleting } from './lists-entities.ts';
import { behind, type Page, type PageAsk, pageOf } from './lists-page.ts';

interface CatalogItem {
  id: string;
  configId: string;
  externalId: string;
  name: string;
  state: string | null;
  createdAt: Date | null;
  changedAt: Date | null;
  firstSeenAt: Date;
  updatedAt: Date;
  goneAt: Date | null;
}

export interface CatalogItems {
  campaign: CatalogItem & {
    alias: string | null;
    type: string | null;
    trafficSourceExternalId: string | null;
    costType: string | null;
    costValue: string | null;
    currency: string | null;
    groupExternalId: string | null;
  };
  offer: CatalogItem & {
    affiliateNetworkExternalId: string | null;
    offerUrl: string | null;
    payout: string | null;
    payoutType: string | null;
    currency: string | null;
    countries: string[];
  };
  landing_page: CatalogItem & { type: string | null; landingUrl: string | null; offerCount: number | null };
  flow: CatalogItem & {
    campaignExternalId: string | null;
    type: string | null;
    schema: string | null;
    position: number | null;
    weight: string | null;
    landingPages: Json;
    offers: Json;
    filters: Json;
  };
  traffic_source: CatalogItem & { postbackUrl: string | null; parameters: Json };
  affiliate_network: CatalogItem & { postbackUrl: string | null };
}

export type CatalogTableName = keyof CatalogItems;

/** What each table has beside the common columns, by the name in answers. */
const OWN_COLUMNS: { readonly [T in CatalogTableName]: readonly (readonly [column: string, field: string])[] } = {
  campaign: [
    ['alias', 'alias'],
    ['type', 'type'],
    ['traffic_source_external_id', 'trafficSourceExternalId'],
    ['cost_type', 'costType'],
    ['cost_value', 'costValue'],
    ['currency', 'currency'],
    ['group_external_id', 'groupExternalId'],
  ],
  offer: [
    ['affiliate_network_external_id', 'affiliateNetworkExternalId'],
    ['offer_url', 'offerUrl'],
    ['payout', 'payout'],
    ['payout_type', 'payoutType'],
    ['currency', 'currency'],
  ],
  landing_page: [
    ['type', 'type'],
    ['landing_url', 'landingUrl'],
    ['offer_count', 'offerCount'],
  ],
  flow: [
    ['campaign_external_id', 'campaignExternalId'],
    ['type', 'type'],
    ['schema', 'schema'],
    ['position', 'position'],
    ['weight', 'weight'],
    ['landing_pages', 'landingPages'],
    ['offers', 'offers'],
    ['filters', 'filters'],
  ],
  traffic_source: [
    ['postback_url', 'postbackUrl'],
    ['parameters', 'parameters'],
  ],
  affiliate_network: [['postback_url', 'postbackUrl']],
};

export interface CatalogFilter {
  configId?: string | undefined;
  /** The tracker's own word. */
  state?: string | undefined;
  /** Part of the name in any case, or one of the ids. */
  q?: string | undefined;
}

export async function listCatalog<T extends CatalogTableName>(
  tx: Tx,
  table: T,
  filter: CatalogFilter,
  { limit, after }: PageAsk,
): Promise<Page<CatalogItems[T]>> {
  const conditions = [notDeleting('l')];
  const { configId, state, q } = filter;
  if (configId !== undefined) conditions.push(sql`l.tracker_config_id = ${configId}::uuid`);
  if (state !== undefined) conditions.push(sql`l.state = ${state}`);
  if (q !== undefined) {
    const part = `%${q.replaceAll(/[\\%_]/g, '\\$&')}%`;
    conditions.push(sql`(l.name ilike ${part} or l.external_id = ${q} or l.id::text = ${q})`);
  }
  if (after !== null) conditions.push(sql`${behind({ at: 'l.first_seen_at', id: 'l.id' }, after)}`);
  const own = OWN_COLUMNS[table].map(([column, field]) => sql`l.${sql.id(column)} as ${sql.id(field)}`);
  if (table === 'offer') own.push(sql`coalesce(l.countries, '{}') as countries`);
  const { rows } = await sql<CatalogItems[T]>`
    select l.id, l.tracker_config_id as "configId", l.external_id as "externalId", l.name, l.state, ${sql.join(own)},
      l.created_at as "createdAt", l.changed_at as "changedAt", l.first_seen_at as "firstSeenAt",
      l.updated_at as "updatedAt", l.gone_at as "goneAt"
    from ${sql.table(table)} l where ${sql.join(conditions, sql` and `)}
    order by l.first_seen_at desc, l.id desc limit ${limit + 1}`.execute(tx);
  return pageOf(rows, limit, ({ firstSeenAt, id }) => ({ at: firstSeenAt, id }));
}

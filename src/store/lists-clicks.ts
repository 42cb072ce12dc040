// The click log as a list, newest first.
import { sql } from 'kysely';
import type { SubIds } from '../core/resources.ts';
import type { Tx } from './db.ts';
import { entityColumns, entityJoins, type RouteRefs } from './lists-entities.ts';
import { type LogFilter, logConditions } from './lists-filters.ts';
import { behind, type Page, type PageAsk, pageOf } from './lists-page.ts';

export interface ClickItem extends RouteRefs {
  id: string;
  configId: string;
  externalId: string;
  clickedAt: Date;
  cost: string | null;
  revenue: string | null;
  currency: string | null;
  country: string | null;
  region: string | null;
  city: string | null;
  deviceType: string | null;
  os: string | null;
  browser: string | null;
  ip: string | null;
  isBot: boolean | null;
  isUnique: boolean | null;
  landingClicked: boolean | null;
  referrer: string | null;
  subIds: SubIds;
  isDerived: boolean;
}

/** A status narrows to the clicks that have such a conversion. */
export async function listClicks(tx: Tx, filter: LogFilter, { limit, after }: PageAsk): Promise<Page<ClickItem>> {
  const conditions = logConditions(filter, 'l.clicked_at', ['l.external_id']);
  const { status, rawStatus } = filter;
  if (status !== undefined || rawStatus !== undefined) {
    conditions.push(sql`exists (select from conversion_with_status v
      where v.tracker_config_id = l.tracker_config_id and v.click_external_id = l.external_id
        ${status === undefined ? sql`` : sql`and v.status = ${status}`}
        ${rawStatus === undefined ? sql`` : sql`and lower(v.raw_status) = lower(${rawStatus})`})`);
  }
  if (after !== null) conditions.push(behind({ at: 'l.clicked_at', id: 'l.id' }, after));
  const { rows } = await sql<ClickItem>`
    with page as materialized (
      select l.* from click l where ${sql.join(conditions, sql` and `)}
      order by l.clicked_at desc, l.id desc limit ${limit + 1}
    )
    select p.id, p.tracker_config_id as "configId", p.external_id as "externalId", p.clicked_at as "clickedAt",
      ${entityColumns('p')}, p.cost, p.revenue, p.currency, p.country, p.region, p.city, p.device_type as "deviceType",
      p.os, p.browser, p.ip, p.is_bot as "isBot", p.is_unique as "isUnique", p.landing_clicked as "landingClicked",
      p.referrer, coalesce(p.sub_ids, '{}') as "subIds", p.is_derived as "isDerived"
    from page p ${entityJoins('p')}
    order by p.clicked_at desc, p.id desc`.execute(tx);
  return pageOf(rows, limit, ({ clickedAt, id }) => ({ at: clickedAt, id }));
}

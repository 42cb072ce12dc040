// What a conversion does not tell itself, its click tells: to analysts as to reports.
import { type Kysely, sql } from 'kysely';

const ROUTE = ['campaign', 'offer', 'landing_page', 'flow', 'traffic_source', 'affiliate_network'];

/** Of rows under `l`; looked up only where the row leaves it out and somebody asks. */
const told = (column: string): string => `coalesce(l.${column}, ${clicks(column)})`;
const clicks = (column: string): string =>
  `(select k.${column} from public.click k where k.tracker_config_id = l.tracker_config_id and k.external_id = l.click_external_id)`;

const places = ROUTE.map((table) => {
  const id = `${table}_external_id`;
  return `${told(id)} as ${id}, ${table}.name as ${table}`;
});
const names = ROUTE.map(
  (table) => `left join public.${table} on ${table}.tracker_config_id = l.tracker_config_id
    and ${table}.external_id = ${told(`${table}_external_id`)}`,
);

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
    create or replace view analytics.conversion with (security_barrier = true) as
      select l.tracker_config_id, t.name as tracker_config, t.type as tracker_type, l.id, l.external_id, l.click_external_id,
        l.transaction_id, l.converted_at, ${told('clicked_at')} as clicked_at, l.status, l.raw_status, l.reversed, l.is_mapped, l.type,
        l.revenue, l.payout, coalesce(l.currency, t.settings ->> 'currency', 'USD') as currency, ${places.join(', ')},
        ${told('country')} as country,
        coalesce(${clicks('sub_ids')}, '{}') || jsonb_strip_nulls(coalesce(l.sub_ids, '{}')) as sub_ids, l.first_seen_at, l.updated_at
      from (
        select c.*, coalesce(m.status, 'pending') as status, coalesce(m.reversed, false) or c.is_reversal as reversed,
          m.raw_status is not null as is_mapped
        from public.conversion c
        left join public.status_map m on m.tracker_config_id = c.tracker_config_id and m.raw_status = lower(c.raw_status)
      ) l
      join public.tracker_config t on t.id = l.tracker_config_id and t.desired_state <> 'deleting'
      ${names.join('\n')}
      where l.organization_id = (select analytics.own_organization());
  `)
    .execute(db);
}

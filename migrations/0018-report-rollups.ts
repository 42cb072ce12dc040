// Roll-ups that reports read instead of the logs: clicks and conversions summed by hours and by UTC days, and the marks of hours
// that are to be summed anew.
import { type Kysely, sql } from 'kysely';

/**
 * Each row belongs to one set of dimensions; columns of other sets are null in it. The set without any, `config`, is kept by
 * quarter hours, which serve the days of every zone; the others by hours.
 */
const DIMENSIONS = ['config', 'campaign', 'offer', 'country'];
const KEYS = `organization_id uuid not null, tracker_config_id uuid not null, at timestamptz not null, dimension text not null,
  campaign_external_id text, traffic_source_external_id text, offer_external_id text, country text, currency text`;
const CLICKS = `clicks int not null, unique_clicks int not null, bot_clicks int not null, landing_clicks int not null,
  cost numeric not null`;
/** What a conversion went through, and what its click tells of the visitor. */
const ROUTE = `landing_page_external_id text, flow_external_id text, affiliate_network_external_id text,
  device_type text, os text, browser text`;
/** Words are folded, as the status map has them; the spelling is one that the tracker uses. */
const CONVERSIONS = `raw_status text not null, spelling text not null, is_reversal boolean not null,
  conversions int not null, revenue numeric not null`;

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const grain of ['hour', 'day']) {
    await sql
      .raw(`create table click_${grain} (${KEYS}, ${CLICKS}) partition by list (dimension);
        create index on click_${grain} (organization_id, tracker_config_id, at)`)
      .execute(db);
    for (const dimension of DIMENSIONS) {
      await sql
        .raw(`create table click_${grain}_${dimension} partition of click_${grain} for values in ('${dimension}')`)
        .execute(db);
    }
  }
  // Hardly two conversions of a quarter hour are alike: all dimensions stand in one row, `all`, once by each time.
  await sql
    .raw(`
    create table conversion_hour (by_time text not null, ${KEYS}, ${ROUTE}, ${CONVERSIONS}) partition by list (dimension);
    create index on conversion_hour (organization_id, tracker_config_id, at);
    create table conversion_hour_all partition of conversion_hour for values in ('all');
    create table conversion_hour_config partition of conversion_hour for values in ('config');
    create table conversion_day (by_time text not null, ${KEYS}, ${CONVERSIONS}) partition by list (dimension);
    create index on conversion_day (organization_id, tracker_config_id, at)`)
    .execute(db);
  for (const dimension of DIMENSIONS) {
    await sql
      .raw(`create table conversion_day_${dimension} partition of conversion_day for values in ('${dimension}')`)
      .execute(db);
  }
  await sql
    .raw(`
    create table rollup_mark (
      id bigint generated always as identity primary key,
      organization_id uuid not null,
      tracker_config_id uuid not null,
      source text not null,
      hour timestamptz not null
    );
    create index rollup_mark_hour_idx on rollup_mark (organization_id, source, hour);

    create function hour_of(at timestamptz) returns timestamptz language sql immutable parallel safe
      return date_bin('1 hour', at, '2000-01-01 00:00:00+00');
    create function quarter_of(at timestamptz) returns timestamptz language sql immutable parallel safe
      return date_bin('15 minutes', at, '2000-01-01 00:00:00+00');

    -- By the time of their click, as far as they tell it; and those whose click has to be looked up for it.
    create index conversion_click_time_idx on conversion (organization_id, (coalesce(clicked_at, converted_at)));
    create index conversion_untold_idx on conversion (tracker_config_id, click_external_id) where clicked_at is null;

    insert into rollup_mark (organization_id, tracker_config_id, source, hour)
      select organization_id, tracker_config_id, 'click', hour_of(clicked_at) from click
      union
      select organization_id, tracker_config_id, 'conversion', hour_of(converted_at) from conversion
      union
      select c.organization_id, c.tracker_config_id, 'conversion', hour_of(coalesce(c.clicked_at, k.clicked_at)) from conversion c
      left join click k on k.tracker_config_id = c.tracker_config_id and k.external_id = c.click_external_id
      where coalesce(c.clicked_at, k.clicked_at) is not null;
  `)
    .execute(db);
  for (const table of ['click_hour', 'click_day', 'conversion_hour', 'conversion_day', 'rollup_mark']) {
    await sql
      .raw(`
      grant select on ${table} to hub_api;
      alter table ${table} enable row level security;
      create policy own_organization on ${table} to hub_api
        using (organization_id = (select nullif(current_setting('app.organization', true), '')::uuid))
        with check (organization_id = (select nullif(current_setting('app.organization', true), '')::uuid));
    `)
      .execute(db);
  }
}

// What uploaded spend makes of the clicks' cost, summed by hours and days as clicks are, and marks of the days whose shares no longer hold.
import { type Kysely, sql } from 'kysely';

const KEYS = `organization_id uuid not null, tracker_config_id uuid not null, at timestamptz not null, dimension text not null,
  campaign_external_id text, traffic_source_external_id text, offer_external_id text, country text, currency text, cost numeric not null`;
const DAY_OF = `(s.day::timestamp at time zone s.zone) as since, ((s.day + 1)::timestamp at time zone s.zone) as until`;
/** Whose spend, or what leads clicks to it, changes. They take turns: else one would not see the other's days. */
const turns = (organizations: string): string => `
  perform pg_advisory_xact_lock(hashtextextended(organization_id::text, 21)) from (${organizations} order by 1) o;`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
    create table spend_hour (${KEYS});
    create index on spend_hour (organization_id, dimension, at);
    create table spend_day (${KEYS});
    create index on spend_day (organization_id, dimension, at);
    -- Spend that no click belongs to, from the beginning of its day.
    create table spend_rest (
      organization_id uuid not null, at timestamptz not null, day date not null, ad_campaign_external_id text, ad_set_external_id text,
      ad_external_id text, currency text not null, amount numeric not null
    );
    create index on spend_rest (organization_id, at);
    create table spend_mark (
      id bigint generated always as identity primary key,
      organization_id uuid not null, since timestamptz not null, until timestamptz not null
    );
    create index on spend_mark (organization_id, since);

    create function mark_spend(organizations uuid[]) returns void language plpgsql security definer set search_path = public, pg_temp as $$
    begin
      ${turns('select unnest(organizations) as organization_id')}
      insert into spend_mark (organization_id, since, until)
      select distinct s.organization_id, ${DAY_OF} from ad_spend s where s.organization_id = any(organizations);
    end $$;
    -- A day that counts otherwise takes clicks from, or leaves them to, every day that has hours in common with it; and which
    -- level counts is decided day by day, whatever their zones.
    create function spend_changed() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
    declare
      told jsonb;
    begin
      ${turns('select distinct organization_id from changed')}
      select jsonb_agg(distinct jsonb_build_object('organization_id', organization_id, 'day', day, 'zone', zone)) into told from changed;
      if tg_op = 'UPDATE' then
        select told || coalesce(jsonb_agg(distinct jsonb_build_object('organization_id', organization_id, 'day', day, 'zone', zone)), '[]')
          into told from before;
      end if;
      insert into spend_mark (organization_id, since, until)
      with changes as materialized (
        select * from jsonb_to_recordset(told) as c (organization_id uuid, day date, zone text)
      ), touched as materialized (
        select s.organization_id, ${DAY_OF} from changes s
        union
        select s.organization_id, ${DAY_OF} from ad_spend s where (s.organization_id, s.day) in (select organization_id, day from changes)
      )
      select * from touched
      union
      select d.* from touched t cross join lateral (
        select s.organization_id, ${DAY_OF} from ad_spend s where s.organization_id = t.organization_id
          and s.day between t.since::date - 2 and t.until::date + 2
      ) d where d.since < t.until and d.until > t.since;
      return null;
    end $$;
    create function way_to_spend_changed() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
    begin
      perform mark_spend(array_agg(distinct organization_id)) from changed having count(*) > 0;
      return null;
    end $$;
    create function ad_changed() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
    begin
      if tg_op = 'UPDATE' then
        perform mark_spend(array_agg(distinct organization_id)) from (
          select organization_id, level, external_id, platform, ad_campaign_external_id, ad_set_external_id from changed
          except select organization_id, level, external_id, platform, ad_campaign_external_id, ad_set_external_id from before
        ) c having count(*) > 0;
      else
        perform mark_spend(array_agg(distinct organization_id)) from changed
        where ad_campaign_external_id is not null or ad_set_external_id is not null having count(*) > 0;
      end if;
      return null;
    end $$;
    create function config_going() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
    begin
      perform mark_spend(array[new.organization_id]);
      return null;
    end $$;
    create trigger spend after update on tracker_config for each row
      when (old.desired_state is distinct from new.desired_state and 'deleting' in (old.desired_state, new.desired_state))
      execute function config_going();
    ${[
      ['ad_spend', 'spend_changed'],
      ['ad', 'ad_changed'],
      ['sub_id_map', 'way_to_spend_changed'],
      ['ad_campaign_map', 'way_to_spend_changed'],
    ]
      .map(
        ([table, name]) => `
    create trigger spend_insert after insert on ${table} referencing new table as changed for each statement execute function ${name}();
    create trigger spend_update after update on ${table} referencing old table as before new table as changed
      for each statement execute function ${name}();
    create trigger spend_delete after delete on ${table} referencing old table as changed for each statement execute function ${name}();`,
      )
      .join('')}
    revoke execute on function mark_spend(uuid[]) from public;
    insert into spend_mark (organization_id, since, until) select distinct s.organization_id, ${DAY_OF} from ad_spend s;
  `)
    .execute(db);
  for (const table of ['spend_hour', 'spend_day', 'spend_rest', 'spend_mark']) {
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

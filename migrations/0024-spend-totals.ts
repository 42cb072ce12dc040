// How many clicks share a day of spend: a report of a part of them need not count the others.
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
    create table spend_total (
      organization_id uuid not null, at timestamptz not null, level text not null, external_id text not null, day date not null,
      clicks bigint not null
    );
    create index on spend_total (organization_id, at);
    grant select on spend_total to hub_api;
    alter table spend_total enable row level security;
    create policy own_organization on spend_total to hub_api
      using (organization_id = (select nullif(current_setting('app.organization', true), '')::uuid))
      with check (organization_id = (select nullif(current_setting('app.organization', true), '')::uuid));
    insert into spend_mark (organization_id, since, until)
      select distinct s.organization_id, (s.day::timestamp at time zone s.zone), ((s.day + 1)::timestamp at time zone s.zone) from ad_spend s;
  `)
    .execute(db);
}

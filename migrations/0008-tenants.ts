// Tenants: the API's role, which owns nothing, and row-level security on every table that carries an organisation.
import { type Kysely, sql } from 'kysely';

const READ_ONLY = [
  ...['sync_window', 'sync_lease', 'unreadable_row', 'click', 'conversion', 'conversion_change'],
  ...['campaign', 'offer', 'landing_page', 'flow', 'traffic_source', 'affiliate_network'],
];
const APPEND_ONLY = ['audit_log', 'tracker_request', 'idempotency_key'];
const READ_WRITE = ['tracker_config', 'tracker_resource', 'run'];
const READ_WRITE_DELETE = ['status_map'];

export async function up(db: Kysely<unknown>): Promise<void> {
  // Roles belong to the whole cluster: another database of it may have made this one already, or be making it now.
  // An owner without CREATEROLE is given both beforehand: the role, and `grant hub_api to <owner> with set true`.
  await sql`
    do $$ begin
      if not exists (select from pg_roles where rolname = 'hub_api') then
        create role hub_api nologin;
      end if;
    exception when duplicate_object or unique_violation then null;
    end $$;
    do $$ begin
      if not pg_has_role(current_user, 'hub_api', 'set') then
        execute format('grant hub_api to %I with set true', current_user);
      end if;
    end $$;
    grant usage on schema public, analytics to hub_api;
    grant select on conversion_with_status to hub_api;
    grant select on all tables in schema analytics to hub_api;
  `.execute(db);
  const grants: [string[], string][] = [
    [READ_ONLY, 'select'],
    [APPEND_ONLY, 'select, insert'],
    [READ_WRITE, 'select, insert, update'],
    [READ_WRITE_DELETE, 'select, insert, update, delete'],
  ];
  for (const [tables, rights] of grants) {
    for (const table of tables) {
      await sql
        .raw(`
        grant ${rights} on ${table} to hub_api;
        alter table ${table} enable row level security;
        create policy own_organization on ${table} to hub_api
          using (organization_id = (select nullif(current_setting('app.organization', true), '')::uuid))
          with check (organization_id = (select nullif(current_setting('app.organization', true), '')::uuid));
      `)
        .execute(db);
    }
  }
}

// Saved views: what a person wants to see again, theirs alone or for the whole organisation.
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table saved_view (
      id uuid primary key default uuidv7(),
      organization_id uuid not null,
      -- A user, or an API key that belongs to nobody.
      owner_id uuid not null,
      owner_name text not null,
      name text not null check (name <> ''),
      page text not null,
      query jsonb not null,
      is_shared boolean not null default false,
      created_at timestamptz(3) not null default now(),
      updated_at timestamptz(3) not null default now()
    );
    create index saved_view_list_idx on saved_view (organization_id, created_at desc, id desc);
    grant select, insert, update, delete on saved_view to hub_api;
    alter table saved_view enable row level security;
    create policy own_organization on saved_view to hub_api
      using (organization_id = (select nullif(current_setting('app.organization', true), '')::uuid))
      with check (organization_id = (select nullif(current_setting('app.organization', true), '')::uuid));
  `.execute(db);
}

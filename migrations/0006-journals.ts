// Two journals: every call to a tracker (partitioned by day), and what people did.
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table tracker_request (
      id uuid not null default uuidv7(),
      at timestamptz(3) not null,
      organization_id uuid not null,
      tracker_config_id uuid,
      run_id uuid,
      resource text,
      method text not null,
      url text not null,
      status integer,
      duration_ms integer not null,
      bytes bigint not null default 0,
      error text,
      primary key (id, at)
    ) partition by range (at);
    create index tracker_request_config_idx on tracker_request (tracker_config_id, at desc, id desc);
    create index tracker_request_list_idx on tracker_request (organization_id, at desc, id desc);

    create table audit_log (
      id uuid primary key default uuidv7(),
      organization_id uuid not null,
      at timestamptz(3) not null default now(),
      actor_type text not null check (actor_type in ('user', 'api_key', 'system')),
      actor_id text,
      actor_name text,
      action text not null,
      target_type text,
      target_id text,
      before jsonb,
      after jsonb,
      ip text
    );
    create index audit_log_list_idx on audit_log (organization_id, at desc, id desc);
  `.execute(db);
}

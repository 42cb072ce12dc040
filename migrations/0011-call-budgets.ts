// What connections to one installation or account share: their calls, who waits for a turn, and whether it answers at all.
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table call_budget (
      key text primary key,
      version bigint not null,
      state jsonb not null,
      changed_at timestamptz(3) not null default now()
    );

    create table call_waiter (
      budget_key text not null,
      tracker_config_id uuid not null,
      waits_for text not null,
      since timestamptz not null,
      awake_from timestamptz not null,
      until timestamptz not null,
      primary key (budget_key, tracker_config_id)
    );

    create table outage (
      key text primary key,
      failures integer not null,
      open_until timestamptz,
      probe_until timestamptz,
      error jsonb not null,
      failed_at timestamptz(3) not null
    );

    alter table tracker_config drop constraint tracker_config_retry_kind_check;
    alter table tracker_config add constraint tracker_config_retry_kind_check
      check (retry_kind in ('backoff', 'rate_limited', 'turn'));
  `.execute(db);
}

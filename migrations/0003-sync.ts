// How a sync is carried out: runs a person can look up, windows with their checkpoints, the lease of the one active slice.
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table run (
      id uuid primary key default uuidv7(),
      organization_id uuid not null,
      tracker_config_id uuid not null references tracker_config (id) on delete cascade,
      kind text not null check (kind in ('backfill', 'cycle', 'reread', 'resync', 'catalog')),
      state text not null default 'queued' check (state in ('queued', 'running', 'done', 'failed', 'cancelled')),
      resources text[] not null default '{}',
      range_from timestamptz(3),
      range_to timestamptz(3),
      slot_at timestamptz(3),
      cursor jsonb,
      queued_at timestamptz(3) not null default now(),
      started_at timestamptz(3),
      worked_at timestamptz(3),
      finished_at timestamptz(3),
      requests integer not null default 0,
      rows_read bigint not null default 0,
      rows_written bigint not null default 0,
      rows_unchanged bigint not null default 0,
      rows_unreadable bigint not null default 0,
      first_unreadable_reason text,
      error jsonb
    );
    create index run_list_idx on run (tracker_config_id, queued_at desc, id desc);
    create index run_open_idx on run (tracker_config_id) where state in ('queued', 'running');
    create unique index run_one_open_backfill on run (tracker_config_id) where kind = 'backfill' and state in ('queued', 'running');
    create unique index run_one_open_cycle on run (tracker_config_id) where kind = 'cycle' and state in ('queued', 'running');

    create table sync_window (
      id uuid primary key default uuidv7(),
      organization_id uuid not null,
      tracker_config_id uuid not null references tracker_config (id) on delete cascade,
      run_id uuid not null references run (id) on delete cascade,
      resource text not null check (resource in ('clicks', 'conversions')),
      from_at timestamptz(3) not null,
      to_at timestamptz(3) not null,
      state text not null default 'planned' check (state in ('planned', 'running', 'done')),
      cursor jsonb,
      cursor_at timestamptz(3),
      covered_to timestamptz(3),
      seq bigint not null default 0,
      rows bigint not null default 0,
      is_fresh boolean not null default false,
      started_at timestamptz(3),
      finished_at timestamptz(3),
      check (from_at < to_at)
    );
    create index sync_window_run_idx on sync_window (run_id, state);
    create index sync_window_config_idx on sync_window (tracker_config_id, state, to_at desc);

    create table sync_lease (
      tracker_config_id uuid primary key references tracker_config (id) on delete cascade,
      organization_id uuid not null,
      token uuid not null,
      until timestamptz(3) not null
    );
  `.execute(db);
}

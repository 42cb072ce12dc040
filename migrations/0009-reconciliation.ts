// Reconciliation: each UTC day's figures per campaign, ours beside the tracker's own, and what was done about a difference.
import { type Kysely, sql } from 'kysely';

const TABLES = ['reconciliation_day', 'reconciliation_figure'];

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table tracker_config
      add column totals_checked_at timestamptz(3),
      add column totals_fresh_at timestamptz(3),
      add column totals_all_fresh_at timestamptz(3),
      add column totals_reread_id uuid;

    create table reconciliation_day (
      tracker_config_id uuid not null,
      day date not null,
      organization_id uuid not null,
      checked_at timestamptz(3) not null,
      state text not null check (state in ('equal', 'differs', 'explained')),
      reread_run_id uuid,
      reread_on date,
      rereads_on_day smallint not null default 0,
      reread_left text,
      primary key (tracker_config_id, day)
    );
    create index reconciliation_day_list_idx on reconciliation_day (organization_id, day);

    create table reconciliation_figure (
      tracker_config_id uuid not null,
      day date not null,
      campaign_external_id text not null,
      organization_id uuid not null,
      our_clicks bigint not null, their_clicks bigint not null,
      our_cost numeric not null, their_cost numeric not null,
      our_conversions bigint not null, their_conversions bigint not null,
      our_revenue numeric not null, their_revenue numeric not null,
      verdicts jsonb not null default '{}',
      primary key (tracker_config_id, day, campaign_external_id)
    );
    create index reconciliation_figure_list_idx on reconciliation_figure (organization_id, day);
  `.execute(db);
  for (const table of TABLES) {
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

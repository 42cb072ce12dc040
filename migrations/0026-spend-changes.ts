// What uploads changed of days that were over: what a day's spend was before, so that a profit that moved can be told.
import { type Kysely, sql } from 'kysely';

/** While its day lasts, spend grows with every upload: that is no news. */
const IS_OVER = `((day + 1)::timestamp at time zone zone) <= clock_timestamp()`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
    create table ad_spend_change (
      id bigint generated always as identity primary key,
      organization_id uuid not null,
      level text not null,
      external_id text not null,
      day date not null,
      seen_at timestamptz(3) not null default clock_timestamp(),
      amount_before numeric,
      currency_before text
    );
    create index ad_spend_change_seen_idx on ad_spend_change (organization_id, seen_at);
    grant select on ad_spend_change to hub_api;
    alter table ad_spend_change enable row level security;
    create policy own_organization on ad_spend_change to hub_api
      using (organization_id = (select nullif(current_setting('app.organization', true), '')::uuid))
      with check (organization_id = (select nullif(current_setting('app.organization', true), '')::uuid));

    create function keep_spend_change() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
    begin
      if tg_op = 'INSERT' then
        insert into ad_spend_change (organization_id, level, external_id, day)
        select organization_id, level, external_id, day from changed where ${IS_OVER};
      elsif tg_op = 'DELETE' then
        insert into ad_spend_change (organization_id, level, external_id, day, amount_before, currency_before)
        select organization_id, level, external_id, day, amount, currency from changed where ${IS_OVER};
      else
        insert into ad_spend_change (organization_id, level, external_id, day, amount_before, currency_before)
        select organization_id, level, external_id, day, b.amount, b.currency
        from before b join changed c using (organization_id, level, external_id, day)
        where (b.amount, b.currency) is distinct from (c.amount, c.currency)
          and ${IS_OVER.replace('at time zone zone', 'at time zone c.zone')};
      end if;
      return null;
    end $$;
    create trigger journal_insert after insert on ad_spend referencing new table as changed
      for each statement execute function keep_spend_change();
    create trigger journal_update after update on ad_spend referencing old table as before new table as changed
      for each statement execute function keep_spend_change();
    create trigger journal_delete after delete on ad_spend referencing old table as changed
      for each statement execute function keep_spend_change();
  `)
    .execute(db);
}

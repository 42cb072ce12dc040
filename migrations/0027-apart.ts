// What analysts can reach besides their views, and one rate a pair and day.
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
    -- The hub's turns are advisory locks, which anybody might take and keep. The rights are this database's own. An owner
    -- who is no superuser cannot take them away: then PostgreSQL warns, and all stays as it is.
    do $$ declare f regprocedure; begin
      for f in select oid from pg_proc
        where pronamespace = 'pg_catalog'::regnamespace and proname ~ '^pg_(try_)?advisory_(xact_)?lock' loop
        execute format('revoke execute on function %s from public', f);
        execute format('grant execute on function %s to hub_api, pg_database_owner', f);
      end loop;
    end $$;

    -- Names of roles are seen by every login: they tell no organisation's id.
    do $$ declare l record; begin
      for l in select role_name, 'hub_analyst_' || left(encode(sha256(convert_to(organization_id::text, 'UTF8')), 'hex'), 32) as hidden
        from auth.analyst_login loop
        execute format('alter role %I rename to %I', l.role_name, l.hidden);
        update auth.analyst_login set role_name = l.hidden where role_name = l.role_name;
      end loop;
    end $$;

    -- Both ways round are one rate: the one that was told last counts.
    delete from currency_rate r using currency_rate later
    where later.organization_id = r.organization_id and later.base = r.currency and later.currency = r.base and later.day = r.day
      and (r.updated_at, r.base) < (later.updated_at, later.base);
    create unique index currency_rate_pair_key on currency_rate (organization_id, least(base, currency), greatest(base, currency), day);
  `)
    .execute(db);
}

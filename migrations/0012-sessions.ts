// Tokens that trackers give for a login: one for each config, sealed, shared by all workers, and the lease of who logs in.
import { type Kysely, sql } from 'kysely';

/** Beside the token stand the credentials and the address that it was given for: with others it is none. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table tracker_session (
      tracker_config_id uuid primary key references tracker_config (id) on delete cascade,
      organization_id uuid not null,
      token_sealed text,
      token_key_id text,
      credentials_version integer,
      url text,
      renew_at timestamptz(3),
      login_token uuid,
      login_until timestamptz(3)
    );
    -- The API's role has no business here, and no policy lets it in.
    alter table tracker_session enable row level security;
  `.execute(db);
}

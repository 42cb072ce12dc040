// People: a second factor, invitations by secret link, counted attempts to sign in, and members under row-level security.
import { type Kysely, sql } from 'kysely';

const OWN = `(select nullif(current_setting('app.organization', true), '')::uuid)`;

/** What the API's role may do with each table of its organisation; hashes of keys and links it can write and not read. */
const GRANTS = [
  ['auth."member"', 'select, insert, delete, update ("role")', '"organizationId"'],
  [
    'auth."invitation"',
    'select ("id", "organizationId", "email", "role", "status", "expiresAt", "createdAt", "inviterId"), insert, update ("status")',
    '"organizationId"',
  ],
  [
    'auth.api_key',
    `select (id, organization_id, user_id, name, role, key_hint, created_at, expires_at, last_used_at, revoked_at), insert,
      update (revoked_at)`,
    'organization_id',
  ],
  ['auth."organization"', 'select ("id", "name", "createdAt", ended_at), update ("name")', '"id"'],
] as const;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table auth."user" add "twoFactorEnabled" boolean default false;
    create table auth."twoFactor" (
      "id" uuid primary key default gen_random_uuid(), "secret" text not null, "backupCodes" text not null,
      "userId" uuid not null references auth."user" ("id") on delete cascade,
      "verified" boolean default true, "failedVerificationCount" integer default 0, "lockedUntil" timestamptz
    );
    create index "twoFactor_secret_idx" on auth."twoFactor" ("secret");
    create index "twoFactor_userId_idx" on auth."twoFactor" ("userId");

    create unique index "member_once_key" on auth."member" ("organizationId", "userId");
    alter table auth."organization" add ended_at timestamptz(3);
    -- Of the link only a hash is kept. Who invites by a key that belongs to nobody has no user.
    alter table auth."invitation" add token_hash bytea unique, alter "inviterId" drop not null;
    create unique index invitation_open_key on auth."invitation" ("organizationId", lower("email")) where "status" = 'pending';

    create table auth.attempt (subject bytea primary key, count integer not null, ends_at timestamptz(3) not null);
  `.execute(db);
  await openToTheApi(db);
}

/** Members, invitations and keys are managed under row-level security too. Passwords and sessions stay out of sight. */
async function openToTheApi(db: Kysely<unknown>): Promise<void> {
  await sql`
    grant usage on schema auth to hub_api;
    grant select ("id", "name", "email", "isSuperAdmin", "twoFactorEnabled") on auth."user" to hub_api;
    alter table auth."user" enable row level security;
    create policy member_of_own_organization on auth."user" to hub_api
      using (exists (select from auth."member" m where m."userId" = "user"."id"));
  `.execute(db);
  for (const [table, rights, organization] of GRANTS) {
    await sql
      .raw(`
      grant ${rights} on ${table} to hub_api;
      alter table ${table} enable row level security;
      create policy own_organization on ${table} to hub_api using (${organization} = ${OWN}) with check (${organization} = ${OWN});
    `)
      .execute(db);
  }
}

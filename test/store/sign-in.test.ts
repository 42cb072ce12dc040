// The first user and API keys: made once, able to sign in by better-auth itself, dead when expired, revoked or orphaned.
import { getMigrations } from 'better-auth/db/migration';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findApiKey, identifyApiKey, makeApiKey, revokeApiKey, saveApiKey } from '../../src/store/api-keys.ts';
import { countAttempt, dropExpiredSignIns } from '../../src/store/attempts.ts';
import { createAuth } from '../../src/store/auth.ts';
import { createDb, type Db } from '../../src/store/db.ts';
import { findOrganizationName } from '../../src/store/memberships.ts';
import { ensureFirstUser } from '../../src/store/sign-in.ts';
import { withOrganization } from '../../src/store/tenancy.ts';
import { type FreshDatabase, freshDatabase } from '../setup/database.ts';

const first = { email: 'Admin@Example.com', password: 'correct horse battery', apiKey: makeApiKey() };
const now = new Date('2026-11-20T12:00:00Z');

let database: FreshDatabase;
let db: Db;

beforeAll(async () => {
  database = await freshDatabase();
  db = createDb(database.url, { max: 4 });
});

afterAll(async () => {
  await db.destroy();
  await database.drop();
});

const authOf = () => {
  const options = { secret: 'a secret of the tests, long enough to pass', publicUrl: 'http://localhost:3000' };
  return createAuth(db, { ...options, onError: () => {} });
};

test('better-auth finds nothing to create or add', async () => {
  const { toBeCreated, toBeAdded, unsafeChanges, schemaProblems } = await getMigrations(authOf().options);
  expect({ toBeCreated, toBeAdded, unsafeChanges, schemaProblems }).toEqual({
    toBeCreated: [],
    toBeAdded: [],
    unsafeChanges: [],
    schemaProblems: [],
  });
});

test('the first user is made once, whoever starts first, and signs in', async () => {
  const made = await Promise.all([1, 2, 3].map(() => ensureFirstUser(db, first)));
  expect(made.filter((result) => result.made)).toHaveLength(1);
  expect(await ensureFirstUser(db, { ...first, email: 'other@example.com' })).toEqual({ made: false });

  const auth = authOf();
  const signedIn = await auth.api.signInEmail({ body: { email: first.email, password: first.password } });
  expect(signedIn.user.email).toBe('admin@example.com');
  const wrong = auth.api.signInEmail({ body: { email: first.email, password: 'wrong password' } });
  await expect(wrong).rejects.toThrow('Invalid email or password');

  const identity = await identifyApiKey(db, first.apiKey, now);
  expect(identity).toMatchObject({ name: 'First key', role: 'super_admin' });
  expect(await findOrganizationName(db, identity!.organizationId)).toBe('Default');
});

test('what is over is forgotten, and nothing else', async () => {
  const auth = authOf();
  await auth.api.signInEmail({ body: { email: first.email, password: first.password } });
  const limit = { most: 1, windowSeconds: 60 };
  const { internalAdapter } = await auth.$context;
  for (const subject of ['over', 'open']) {
    await countAttempt(db, subject, limit);
    await internalAdapter.createVerificationValue({
      identifier: subject,
      value: 'x',
      expiresAt: new Date(Date.now() + 60_000),
    });
  }
  const counts = async () => {
    const { rows } = await sql<{ attempts: number; sessions: number; verifications: number }>`select
      (select count(*)::int from auth.attempt) as attempts, (select count(*)::int from auth."session") as sessions,
      (select count(*)::int from auth."verification") as verifications`.execute(db);
    return rows[0]!;
  };
  const before = await counts();
  await dropExpiredSignIns(db);
  expect(await counts()).toEqual(before);
  await sql`update auth.attempt set ends_at = now() - interval '1 second'
    where subject = (select subject from auth.attempt limit 1)`.execute(db);
  await sql`update auth."session" set "expiresAt" = now() - interval '1 second'
    where "id" = (select "id" from auth."session" limit 1)`.execute(db);
  await sql`update auth."verification" set "expiresAt" = now() - interval '1 second'
    where "id" = (select "id" from auth."verification" limit 1)`.execute(db);
  await dropExpiredSignIns(db);
  const { attempts, sessions, verifications } = before;
  expect(await counts()).toEqual({ attempts: attempts - 1, sessions: sessions - 1, verifications: verifications - 1 });
});

describe('an API key', () => {
  let organizationId: string;
  let userId: string;

  beforeAll(async () => {
    const { rows } = await sql<{ organization_id: string; user_id: string }>`
      with o as (insert into auth."organization" ("name", "slug", "createdAt") values ('Keys', 'keys', now()) returning "id"),
        u as (insert into auth."user" ("name", "email", "emailVerified") values ('K', 'k@example.com', true) returning "id"),
        m as (insert into auth."member" ("organizationId", "userId", "role", "createdAt") select o."id", u."id", 'manager', now() from o, u)
      select o."id" as organization_id, u."id" as user_id from o, u`.execute(db);
    organizationId = rows[0]!.organization_id;
    userId = rows[0]!.user_id;
  });

  const save = async (given: { role?: 'admin' | 'viewer'; userId?: string | null; expiresAt?: Date | null } = {}) => {
    const key = makeApiKey();
    const wanted = { organizationId, userId: null, name: 'k', role: 'admin' as const, expiresAt: null, ...given };
    return { key, saved: await saveApiKey(db, key, wanted) };
  };

  const find = (id: string) => withOrganization(db, organizationId, (tx) => findApiKey(tx, id));
  const revoke = (id: string, at: Date) => withOrganization(db, organizationId, (tx) => revokeApiKey(tx, id, at));

  test('is 256 random bits with a readable prefix, of which only a hash is stored', async () => {
    const { key, saved } = await save();
    expect(key).toMatch(/^th_[A-Za-z0-9_-]{43}$/);
    expect(saved.hint).toBe(`th_…${key.slice(-4)}`);
    const { rows } = await sql<{ row: string }>`select k::text as row from auth.api_key k`.execute(db);
    expect(rows.some(({ row }) => row.includes(key) || row.includes(key.slice(3)))).toBe(false);
  });

  test('opens with its role, and nothing else opens', async () => {
    const { key } = await save();
    expect(await identifyApiKey(db, key, now)).toMatchObject({ organizationId, role: 'admin' });
    for (const other of [`${key}x`, key.slice(0, -1), key.toLowerCase(), '', makeApiKey()]) {
      expect(await identifyApiKey(db, other, now)).toBeNull();
    }
  });

  test('ends at its expiry', async () => {
    const { key } = await save({ expiresAt: now });
    expect(await identifyApiKey(db, key, new Date(now.getTime() - 1))).not.toBeNull();
    expect(await identifyApiKey(db, key, now)).toBeNull();
  });

  test('ends when revoked; revoking again keeps the first moment', async () => {
    const { key, saved } = await save();
    await revoke(saved.id, now);
    await revoke(saved.id, new Date(now.getTime() + 5_000));
    expect(await identifyApiKey(db, key, now)).toBeNull();
    expect((await find(saved.id))?.revokedAt).toEqual(now);
  });

  test('is not revoked from another organisation', async () => {
    const { key, saved } = await save();
    const elsewhere = '00000000-0000-7000-8000-000000000000';
    await withOrganization(db, elsewhere, (tx) => revokeApiKey(tx, saved.id, now));
    expect(await identifyApiKey(db, key, now)).not.toBeNull();
  });

  test('notes its use once a minute', async () => {
    const { key, saved } = await save();
    const lastUsedAt = async () => (await find(saved.id))?.lastUsedAt;
    await identifyApiKey(db, key, now);
    expect(await lastUsedAt()).toEqual(now);
    await identifyApiKey(db, key, new Date(now.getTime() + 59_000));
    expect(await lastUsedAt()).toEqual(now);
    const later = new Date(now.getTime() + 61_000);
    await identifyApiKey(db, key, later);
    expect(await lastUsedAt()).toEqual(later);
  });

  test("has never more than its user's role, and ends with the membership", async () => {
    const { key } = await save({ userId });
    expect(await identifyApiKey(db, key, now)).toMatchObject({ role: 'manager' });
    await sql`delete from auth."member" where "userId" = ${userId}::uuid`.execute(db);
    expect(await identifyApiKey(db, key, now)).toBeNull();
  });
});

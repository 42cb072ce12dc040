// API keys: 32 random bytes that are shown once; only their SHA-256 is stored, and looked up.
import { createHash, randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { Db, Tx } from './db.ts';
import { behind, type Page, type PageAsk, pageOf } from './lists-page.ts';
import { highestRole, lesserRole, type Role, roleOf } from './sign-in-roles.ts';

const PREFIX = 'th_';
const KEY_BYTES = 32;

/** Who a request speaks for. */
export interface ApiKeyIdentity {
  apiKeyId: string;
  name: string;
  userId: string | null;
  organizationId: string;
  role: Role;
}

export interface ApiKey {
  id: string;
  name: string;
  role: Role;
  /** Prefix and last four characters. */
  hint: string;
  createdAt: Date;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
  revokedAt: Date | null;
  /** The address of who made it; it has never more than their role. */
  madeBy: string | null;
}

export interface NewApiKey {
  organizationId: string;
  userId: string | null;
  name: string;
  role: Role;
  expiresAt: Date | null;
}

export function makeApiKey(): string {
  return PREFIX + randomBytes(KEY_BYTES).toString('base64url');
}

/** A key has 256 random bits, so that a plain hash of it cannot be searched for, and needs no salt. */
export function hashApiKey(key: string): Buffer {
  return createHash('sha256').update(key, 'utf8').digest();
}

/** @param key the key itself, made by `makeApiKey` or given by the operator; it is not stored */
export async function saveApiKey(db: Db | Tx, key: string, given: NewApiKey): Promise<ApiKey> {
  const row = await db
    .insertInto('auth.api_key')
    .values({
      organization_id: given.organizationId,
      user_id: given.userId,
      name: given.name,
      role: given.role,
      key_hash: hashApiKey(key),
      key_hint: `${key.startsWith(PREFIX) ? PREFIX : ''}…${key.length >= 16 ? key.slice(-4) : ''}`,
      expires_at: given.expiresAt,
    })
    .returning(COLUMNS)
    .returning(maker)
    .executeTakeFirstOrThrow();
  return toApiKey(row);
}

/**
 * The identity behind a key; null where it is unknown, expired or revoked, or its user is no longer a member. A key
 * never has a higher role than its user. Notes the use, at most once a minute.
 */
export async function identifyApiKey(db: Db, key: string, now: Date): Promise<ApiKeyIdentity | null> {
  const hash = hashApiKey(key);
  const { rows } = await sql<KeyRow>`
    select k.id, k.name, k.organization_id, k.role, k.user_id, u."isSuperAdmin" as is_super_admin,
      (select string_agg(m.role, ',') from auth.member m
        where m."userId" = k.user_id and m."organizationId" = k.organization_id) as member_role,
      k.last_used_at is null or k.last_used_at < ${now}::timestamptz - interval '1 minute' as is_use_due
    from auth.api_key k
      join auth."organization" o on o.id = k.organization_id and o.ended_at is null
      left join auth."user" u on u.id = k.user_id
    where k.key_hash = ${hash} and k.revoked_at is null and (k.expires_at is null or k.expires_at > ${now})
  `.execute(db);
  const row = rows[0];
  if (row === undefined) return null;
  const role = effectiveRole(row);
  if (role === null) return null;
  if (row.is_use_due) {
    await db.updateTable('auth.api_key').set({ last_used_at: now }).where('id', '=', row.id).execute();
  }
  return { apiKeyId: row.id, name: row.name, userId: row.user_id, organizationId: row.organization_id, role };
}

/** Newest first; the revoked and expired too. As all below: of the organisation that the transaction is for. */
export async function listApiKeys(tx: Tx, { limit, after }: PageAsk): Promise<Page<ApiKey>> {
  let query = tx
    .selectFrom('auth.api_key')
    .select(COLUMNS)
    .select(maker)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1);
  if (after !== null) query = query.where(behind({ at: 'created_at', id: 'id' }, after));
  const rows = await query.execute();
  return pageOf(rows.map(toApiKey), limit, ({ createdAt, id }) => ({ at: createdAt, id }));
}

export async function findApiKey(tx: Tx, id: string): Promise<ApiKey | null> {
  const row = await tx.selectFrom('auth.api_key').select(COLUMNS).select(maker).where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : toApiKey(row);
}

/** Harmless when repeated: the first moment stays. */
export async function revokeApiKey(tx: Tx, id: string, now: Date): Promise<void> {
  await tx
    .updateTable('auth.api_key')
    .set({ revoked_at: now })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .execute();
}

/** The address of who made it; null for a key that belongs to nobody. */
const maker = sql<string | null>`(select u."email" from auth."user" u where u."id" = auth.api_key.user_id)`.as('maker');

const COLUMNS = ['id', 'name', 'role', 'key_hint', 'created_at', 'expires_at', 'last_used_at', 'revoked_at'] as const;

interface KeyRow {
  id: string;
  name: string;
  organization_id: string;
  role: string;
  user_id: string | null;
  is_super_admin: boolean | null;
  member_role: string | null;
  is_use_due: boolean;
}

function effectiveRole(row: KeyRow): Role | null {
  const role = roleOf(row.role);
  if (row.user_id === null || row.is_super_admin === true) return role;
  if (row.member_role === null) return null;
  return lesserRole(role, highestRole(row.member_role));
}

interface StoredKey {
  id: string;
  name: string;
  role: string;
  key_hint: string;
  created_at: Date;
  expires_at: Date | null;
  last_used_at: Date | null;
  revoked_at: Date | null;
  maker: string | null;
}

function toApiKey(row: StoredKey): ApiKey {
  return {
    id: row.id,
    name: row.name,
    role: roleOf(row.role),
    hint: row.key_hint,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
    revokedAt: row.revoked_at,
    madeBy: row.maker,
  };
}

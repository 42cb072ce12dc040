// A config's token, shared by all workers: sealed in its row; who logs in holds a lease with an end, and no connection.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { TrackerError } from '../core/errors.ts';
import { isUsable, type Token, type TokenAsk, type TokenKeeper } from '../core/token.ts';
import type { Db } from './db.ts';
import type { SyncConfig } from './sync-state.ts';
import { type SealedPlace, type Vault, VaultError } from './vault.ts';

export interface SessionTokens {
  keeperFor(config: TokenOwner): TokenKeeper;
}

/** A token belongs to the credentials and the address that it was given for. */
export type TokenOwner = Pick<SyncConfig, 'id' | 'organization_id' | 'credentials_version' | 'url'>;

/** Longer than a login may take; a killed worker's is over after this. */
const LOGIN_LEASE_SECONDS = 30;
const LOOK_AGAIN_MS = 150;

export function createSessionTokens(db: Db, vault: Vault): SessionTokens {
  /** By what a token belongs to: all that ask in this process wait for the same one. */
  const asking = new Map<string, { ask: TokenAsk; found: Promise<Token> }>();
  const token = (owner: TokenOwner, ask: TokenAsk): Promise<Token> => {
    const key = JSON.stringify([owner.id, owner.credentials_version, owner.url, ask.refused]);
    const other = asking.get(key);
    if (other === undefined) {
      const found = tokenOf(db, vault, owner, ask).finally(() => asking.delete(key));
      asking.set(key, { ask, found });
      return found;
    }
    return other.found.catch((error: unknown) => {
      // Who asked first was told to stop, which says nothing to us.
      const isOtherOver = other.ask.signal?.aborted === true && ask.signal?.aborted !== true;
      if (isOtherOver) return token(owner, ask);
      throw error;
    });
  };
  return { keeperFor: (owner) => ({ token: (ask) => token(owner, ask) }) };
}

async function tokenOf(db: Db, vault: Vault, owner: TokenOwner, ask: TokenAsk): Promise<Token> {
  const login = randomUUID();
  for (;;) {
    const kept = await readToken(db, vault, owner);
    if (kept !== null && isUsable(kept, ask)) return kept;
    if (await takeLogin(db, owner, login)) return logInOnce(db, vault, owner, ask, login);
    await pause(ask.signal);
  }
}

/** The lease is ours: unless somebody has logged in since we looked, we do. */
async function logInOnce(db: Db, vault: Vault, owner: TokenOwner, ask: TokenAsk, login: string): Promise<Token> {
  try {
    const kept = await readToken(db, vault, owner);
    if (kept !== null && isUsable(kept, ask)) return kept;
    const token = await ask.login();
    await saveToken(db, vault, owner, token, login);
    return token;
  } finally {
    await db
      .updateTable('tracker_session')
      .set({ login_token: null, login_until: null })
      .where('tracker_config_id', '=', owner.id)
      .where('login_token', '=', login)
      .execute();
  }
}

async function pause(signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(LOOK_AGAIN_MS, undefined, signal === undefined ? {} : { signal });
  } catch {
    throw new TrackerError('network', 'called off');
  }
}

const placeOf = (owner: TokenOwner): SealedPlace => ({
  organizationId: owner.organization_id,
  rowId: owner.id,
  column: 'token_sealed',
  version: owner.credentials_version,
});

/** Null for none, for one of other credentials or another address, and for one that does not open: it is asked for anew. */
async function readToken(db: Db, vault: Vault, owner: TokenOwner): Promise<Token | null> {
  const row = await db
    .selectFrom('tracker_session')
    .select(['token_sealed', 'renew_at'])
    .where('tracker_config_id', '=', owner.id)
    .where('credentials_version', '=', owner.credentials_version)
    .where('url', '=', owner.url)
    .executeTakeFirst();
  if (row === undefined || row.token_sealed === null || row.renew_at === null) return null;
  try {
    return { value: vault.open(row.token_sealed, placeOf(owner)), renewAt: row.renew_at };
  } catch (error) {
    if (error instanceof VaultError) return null;
    throw error;
  }
}

async function takeLogin(db: Db, owner: TokenOwner, login: string): Promise<boolean> {
  const { rows } = await sql`
    insert into tracker_session (tracker_config_id, organization_id, login_token, login_until)
    values (${owner.id}, ${owner.organization_id}, ${login}, now() + make_interval(secs => ${LOGIN_LEASE_SECONDS}))
    on conflict (tracker_config_id) do update set login_token = excluded.login_token, login_until = excluded.login_until
    where tracker_session.login_until is null or tracker_session.login_until <= now()
    returning 1`.execute(db);
  return rows.length > 0;
}

/** Not where the lease is lost: whoever has it now stores a later one. */
async function saveToken(db: Db, vault: Vault, owner: TokenOwner, token: Token, login: string): Promise<void> {
  await db
    .updateTable('tracker_session')
    .set({
      token_sealed: vault.seal(token.value, placeOf(owner)),
      token_key_id: vault.newestKeyId,
      credentials_version: owner.credentials_version,
      url: owner.url,
      renew_at: token.renewAt,
    })
    .where('tracker_config_id', '=', owner.id)
    .where('login_token', '=', login)
    .execute();
}

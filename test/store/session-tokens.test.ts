// A config's token between workers: one login for all, sealed, theirs alone who have the same credentials, and no wait without an end.
import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ledgerControl, openLedger } from '../../simulator/client.ts';
import type { LedgerAccess } from '../../simulator/hosted-ledgers.ts';
import { type Simulator, startSimulator } from '../../simulator/server.ts';
import { TrackerError } from '../../src/core/errors.ts';
import { HOUR_MS } from '../../src/core/windows.ts';
import { createDb } from '../../src/store/db.ts';
import { createSessionTokens, type TokenOwner } from '../../src/store/session-tokens.ts';
import { createVault } from '../../src/store/vault.ts';
import { resealAll } from '../../src/store/vault-rotation.ts';
import { byAccessKey, connectionTo } from '../adapters/voluum-face.ts';
import { type Harness, startHarness } from '../api/harness.ts';
import { seedConfig } from '../api/seed.ts';
import { canaryKey } from '../leaks/canary.ts';
import type { Orders } from './session-process.ts';

const NOW = new Date('2026-11-01T12:00:00Z');
const LATER = new Date(NOW.getTime() + 3 * HOUR_MS);
const keyBytes = randomBytes(32);
const vault = createVault([{ id: 'test', key: keyBytes }]);

let api: Harness;
let owner: TokenOwner;
beforeAll(async () => {
  api = await startHarness();
});
afterAll(() => api.end());
beforeEach(async () => {
  owner = await newOwner('https://api.example.com');
});

async function newOwner(url: string): Promise<TokenOwner> {
  const id = await seedConfig(api.db, api.ours.organizationId, { vault, credentials_key_id: 'test', url });
  return { id, organization_id: api.ours.organizationId, credentials_version: 1, url };
}

const rowOf = ({ id }: TokenOwner = owner) =>
  api.db.selectFrom('tracker_session').selectAll().where('tracker_config_id', '=', id).executeTakeFirstOrThrow();
const tokenNamed = (value: string) => ({ value, renewAt: LATER });
/** A login that counts, and gives a token that no place may keep in clear. */
function counting() {
  const given: string[] = [];
  const login = async () => {
    given.push(`${canaryKey()}-${given.length + 1}`);
    return tokenNamed(given.at(-1)!);
  };
  return { login, given };
}
const tokensOf = (by = vault) => createSessionTokens(api.db, by);

describe('two processes', { timeout: 120_000 }, () => {
  let simulator: Simulator;
  const processes: ChildProcess[] = [];
  beforeAll(async () => {
    simulator = await startSimulator();
  });
  afterAll(async () => {
    for (const child of processes) child.kill();
    await simulator.stop();
  });

  async function start(orders: Orders): Promise<ChildProcess> {
    const child = fork(fileURLToPath(new URL('session-process.ts', import.meta.url)));
    processes.push(child);
    child.send(orders);
    await once(child, 'message');
    return child;
  }
  async function resultsOf(child: ChildProcess): Promise<string[]> {
    child.send('go');
    const [results] = (await once(child, 'message')) as [string[]];
    return results;
  }

  async function account() {
    const access: LedgerAccess = await openLedger(simulator.address, {
      ...{ name: `l-${randomUUID().slice(0, 8)}`, days: 1, clicks: 10, conversions: 1, apiKey: canaryKey() },
      ...{ frozenAt: NOW.toISOString(), voluum: { tokenPrefix: canaryKey() } },
    });
    const { url } = connectionTo(access, {});
    const owner = await newOwner(url);
    const orders = (now: Date): Orders => ({
      ...{ databaseUrl: api.databaseUrl, vaultKey: keyBytes.toString('base64'), owner, now: now.toISOString() },
      ...{ credentials: byAccessKey(access.apiKey), calls: 100, sessions: 5 },
    });
    const ledger = ledgerControl(simulator.address, access.name);
    const logins = async () => (await ledger.requests()).filter(({ method }) => method === 'POST').length;
    return { owner, orders, ledger, logins };
  }

  test('log in once for two hundred calls, at first and at the end of the token', async () => {
    const { orders, ledger, logins } = await account();
    const together = async (now: Date) => {
      const children = await Promise.all([start(orders(now)), start(orders(now))]);
      return (await Promise.all(children.map(resultsOf))).flat();
    };
    expect(await together(NOW)).toEqual(Array(200).fill('ok'));
    expect(await logins()).toBe(1);
    const end = new Date(NOW.getTime() + 3.5 * HOUR_MS);
    await ledger.setClock({ freezeAt: end.toISOString() });
    await ledger.clearRequests();
    expect(await together(end)).toEqual(Array(200).fill('ok'));
    expect(await logins()).toBe(1);
    expect((await ledger.requests()).every(({ credential }) => credential === 'right')).toBe(true);
  });

  test('log in once for two hundred calls whose token the tracker has forgotten', async () => {
    const { owner, orders, ledger, logins } = await account();
    const [first] = [await start(orders(NOW))];
    await resultsOf(first);
    await api.db
      .updateTable('tracker_session')
      .set({ renew_at: new Date(NOW.getTime() + 9 * HOUR_MS) })
      .where('tracker_config_id', '=', owner.id)
      .execute();
    const end = new Date(NOW.getTime() + 5 * HOUR_MS);
    await ledger.setClock({ freezeAt: end.toISOString() });
    await ledger.clearRequests();
    const children = await Promise.all([start(orders(end)), start(orders(end))]);
    expect((await Promise.all(children.map(resultsOf))).flat()).toEqual(Array(200).fill('ok'));
    expect(await logins()).toBe(1);
  });
});

describe('a token', () => {
  test('is kept for the next one that asks, and sealed for its row', async () => {
    const { login, given } = counting();
    const ask = { now: NOW, refused: null, login };
    const first = await tokensOf().keeperFor(owner).token(ask);
    const second = await tokensOf().keeperFor(owner).token(ask);
    expect([first, second]).toEqual([tokenNamed(given[0]!), tokenNamed(given[0]!)]);
    const row = await rowOf();
    expect(row).toMatchObject({ token_key_id: 'test', login_token: null, login_until: null });
    expect(row.token_sealed).toMatch(/^v1\.test\./);
    const other = await newOwner(owner.url);
    await sql`insert into tracker_session select ${other.id}::uuid, organization_id, token_sealed, token_key_id, credentials_version,
      url, renew_at, login_token, login_until from tracker_session where tracker_config_id = ${owner.id}`.execute(
      api.db,
    );
    await tokensOf().keeperFor(other).token(ask);
    expect(given).toHaveLength(2);
  });

  test.each([
    ['near its end', { now: LATER }, {}],
    ['refused', { refused: 'it' }, {}],
    ['of other credentials', {}, { credentials_version: 2 }],
    ['of another address', {}, { url: 'https://elsewhere.example.com' }],
  ])('%s is asked for anew', async (_, change, other) => {
    const { login, given } = counting();
    const ask = { now: NOW, refused: null as string | null, login };
    await tokensOf().keeperFor(owner).token(ask);
    const refused = 'refused' in change ? given[0]! : null;
    const again = await tokensOf()
      .keeperFor({ ...owner, ...other })
      .token({ ...ask, ...change, refused });
    expect([given.length, again.value]).toEqual([2, given[1]]);
  });

  test('that does not open is asked for anew: it was altered, or its key is gone', async () => {
    const { login, given } = counting();
    const ask = { now: NOW, refused: null, login };
    await tokensOf().keeperFor(owner).token(ask);
    const another = createVault([{ id: 'other', key: randomBytes(32) }]);
    await tokensOf(another).keeperFor(owner).token(ask);
    expect([given.length, (await rowOf()).token_key_id]).toEqual([2, 'other']);
  });

  test('under an older key is dropped when keys are changed, and one under the newest is not', async () => {
    const { login, given } = counting();
    const ask = { now: NOW, refused: null, login };
    const keys = [
      { id: 'new', key: randomBytes(32) },
      { id: 'test', key: keyBytes },
    ];
    await tokensOf().keeperFor(owner).token(ask);
    await resealAll(api.db, createVault(keys));
    expect(await rowOf()).toMatchObject({ token_sealed: null, token_key_id: null });
    await tokensOf(createVault(keys)).keeperFor(owner).token(ask);
    await resealAll(api.db, createVault(keys));
    await tokensOf(createVault(keys)).keeperFor(owner).token(ask);
    expect([given.length, (await rowOf()).token_key_id]).toEqual([2, 'new']);
  });

  test('goes with its config', async () => {
    await tokensOf().keeperFor(owner).token({ now: NOW, refused: null, login: counting().login });
    await api.db.deleteFrom('tracker_config').where('id', '=', owner.id).execute();
    await expect(rowOf()).rejects.toThrow();
  });
});

describe('a login', () => {
  test('holds no connection: with a single one it may itself ask the database', async () => {
    const db = createDb(api.databaseUrl, { max: 1 });
    const login = async () => {
      await sql`select 1`.execute(db);
      return tokenNamed(canaryKey());
    };
    await createSessionTokens(db, vault).keeperFor(owner).token({ now: NOW, refused: null, login });
    await db.destroy();
  });

  test('that fails is told to all that wait for it, and the next one may try', async () => {
    const tokens = tokensOf();
    let tries = 0;
    const login = async () => {
      tries++;
      throw new TrackerError('auth', '401');
    };
    const asks = Array.from({ length: 20 }, () => tokens.keeperFor(owner).token({ now: NOW, refused: null, login }));
    const results = await Promise.allSettled(asks);
    expect(new Set(results.map(({ status }) => status))).toEqual(new Set(['rejected']));
    expect(tries).toBe(1);
    const { given, login: working } = counting();
    await tokens.keeperFor(owner).token({ now: NOW, refused: null, login: working });
    expect(given).toHaveLength(1);
  });

  test('that another one has made between our look and our turn is not made again', async () => {
    const [looked, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let reads = 0;
    const slow = api.db.withPlugin({
      transformQuery: ({ node }) => node,
      async transformResult({ result }) {
        if (reads++ === 0) {
          looked.resolve();
          await goOn.promise;
        }
        return result;
      },
    });
    const { login, given } = counting();
    const ask = { now: NOW, refused: null, login };
    const second = createSessionTokens(slow, vault).keeperFor(owner).token(ask);
    await looked.promise;
    const first = await tokensOf().keeperFor(owner).token(ask);
    goOn.resolve();
    expect([await second, given]).toEqual([first, [first.value]]);
  });

  const held = (until: string) => sql`
    insert into tracker_session (tracker_config_id, organization_id, login_token, login_until)
    values (${owner.id}, ${owner.organization_id}, ${randomUUID()}, now() + ${until}::interval)`;

  test('of a process that died is waited for until its lease ends, and no longer', async () => {
    await held('1 second').execute(api.db);
    const { login, given } = counting();
    const begun = performance.now();
    await tokensOf().keeperFor(owner).token({ now: NOW, refused: null, login });
    expect(given).toHaveLength(1);
    expect(performance.now() - begun).toBeGreaterThan(800);
  });

  test('of another process is not waited for by one that is told to stop', async () => {
    await held('1 hour').execute(api.db);
    const stop = new AbortController();
    const { login, given } = counting();
    const asked = tokensOf().keeperFor(owner).token({ now: NOW, refused: null, login, signal: stop.signal });
    stop.abort();
    await expect(asked).rejects.toMatchObject({ kind: 'network', message: 'called off' });
    expect(given).toEqual([]);
  });

  test('that outlived its lease stores nothing over the one that came after it', async () => {
    const tokens = [tokensOf(), tokensOf()];
    const gate = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const slow = async () => {
      begun.resolve();
      await gate.promise;
      return tokenNamed('slow-token');
    };
    const first = tokens[0]!.keeperFor(owner).token({ now: NOW, refused: null, login: slow });
    await begun.promise;
    await api.db
      .updateTable('tracker_session')
      .set({ login_until: new Date(0) })
      .execute();
    const fast = async () => tokenNamed('fast-token');
    await tokens[1]!.keeperFor(owner).token({ now: NOW, refused: null, login: fast });
    gate.resolve();
    expect((await first).value).toBe('slow-token');
    const { login, given } = counting();
    expect((await tokensOf().keeperFor(owner).token({ now: NOW, refused: null, login })).value).toBe('fast-token');
    expect(given).toEqual([]);
  });

  test('of one that was told to stop is taken over by those that waited for it', async () => {
    const tokens = tokensOf();
    const stop = new AbortController();
    const begun = Promise.withResolvers<void>();
    const stopped = () =>
      new Promise<never>((_, reject) => {
        begun.resolve();
        stop.signal.addEventListener('abort', () => reject(new TrackerError('network', 'called off')));
      });
    const first = tokens.keeperFor(owner).token({ now: NOW, refused: null, login: stopped, signal: stop.signal });
    await begun.promise;
    const { login, given } = counting();
    const second = tokens.keeperFor(owner).token({ now: NOW, refused: null, login });
    stop.abort();
    await expect(first).rejects.toMatchObject({ message: 'called off' });
    expect((await second).value).toBe(given[0]);
  });
});

test('the API’s role can neither read nor write a token', async () => {
  await tokensOf().keeperFor(owner).token({ now: NOW, refused: null, login: counting().login });
  const asApi = api.db.transaction().execute(async (tx) => {
    await sql`set local role hub_api`.execute(tx);
    return sql`select * from tracker_session`.execute(tx);
  });
  await expect(asApi).rejects.toThrow(/permission denied/);
});

// A process that makes many calls of one account at once when it is told to, through sessions of its own, and says what came.
import { openSession } from '../../src/adapters/session.ts';
import { voluum } from '../../src/adapters/voluum.ts';
import { createDb } from '../../src/store/db.ts';
import { createSessionTokens, type TokenOwner } from '../../src/store/session-tokens.ts';
import { createVault } from '../../src/store/vault.ts';
import { testHttp } from '../adapters/wire.ts';

export interface Orders {
  databaseUrl: string;
  vaultKey: string;
  owner: TokenOwner;
  credentials: Record<string, string>;
  calls: number;
  sessions: number;
  /** ISO 8601. */
  now: string;
}

process.once('message', async (orders: Orders) => {
  const db = createDb(orders.databaseUrl, { max: 4 });
  const http = testHttp();
  const tokens = createSessionTokens(db, createVault([{ id: 'test', key: Buffer.from(orders.vaultKey, 'base64') }]));
  const { owner, credentials } = orders;
  const connection = { url: owner.url, credentials, settings: { currency: 'USD', timezone: 'UTC' } };
  const sessions = Array.from({ length: orders.sessions }, () =>
    openSession(voluum, connection, {
      ...{ http, onCall: () => {}, tokens: tokens.keeperFor(owner), clock: () => new Date(orders.now) },
    }),
  );
  process.send?.('ready');
  process.once('message', async () => {
    const calls = Array.from({ length: orders.calls }, (_, i) =>
      sessions[i % sessions.length]!.call({ method: 'GET', path: '/offer' }).then(
        () => 'ok',
        (error: Error) => error.message,
      ),
    );
    const results = await Promise.all(calls);
    await Promise.all([http.close(), db.destroy()]);
    process.send?.(results, () => process.disconnect());
  });
});

// The catalog: changed entries written, gone ones marked only after a complete pass, returning ones back.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { AffiliateNetworkRecord } from '../../src/core/resources.ts';
import { markGone, saveCatalog } from '../../src/store/catalog.ts';
import { createDb, type Db } from '../../src/store/db.ts';
import { freshDatabase } from '../setup/database.ts';

let db: Db;
let drop: () => Promise<void>;
let owner = { configId: '', organizationId: '' };

beforeAll(async () => {
  const database = await freshDatabase();
  db = createDb(database.url);
  drop = database.drop;
});
beforeEach(() => {
  owner = { configId: randomUUID(), organizationId: randomUUID() };
});
afterAll(async () => {
  await db.destroy();
  await drop();
});

const network = (externalId: string, name = `network ${externalId}`): AffiliateNetworkRecord => ({
  ...{ externalId, name, state: 'active', createdAt: null, changedAt: null, postbackUrl: null },
  raw: { id: externalId, name },
});
const save = (...records: AffiliateNetworkRecord[]) => saveCatalog(db, owner, 'affiliate_networks', records);
const stored = () =>
  db
    .selectFrom('affiliate_network')
    .selectAll()
    .where('tracker_config_id', '=', owner.configId)
    .orderBy('external_id')
    .execute();

describe('entries', () => {
  test('are written where they changed and only there', async () => {
    expect(await save(network('1'), network('2'))).toEqual({ written: 2, inserted: 2 });
    expect(await save(network('1'), network('2', 'renamed'))).toEqual({ written: 1, inserted: 0 });
    expect((await stored()).map((row) => row.name)).toEqual(['network 1', 'renamed']);
  });

  test('come with what PostgreSQL cannot hold taken out', async () => {
    await save(network('1', 'a\0b\ud800'));
    expect((await stored())[0]?.name).toBe('ab\ufffd');
  });

  test('that a complete pass did not show are gone, and back when they are shown again', async () => {
    await save(network('1'), network('2'));
    await markGone(db, owner.configId, 'affiliate_networks', ['1']);
    expect((await stored()).map((row) => row.gone_at !== null)).toEqual([false, true]);
    expect(await save(network('2'))).toEqual({ written: 1, inserted: 0 });
    expect((await stored()).map((row) => row.gone_at)).toEqual([null, null]);
  });

  test('are not marked by a pass that showed nothing', async () => {
    await save(network('1'));
    await markGone(db, owner.configId, 'affiliate_networks', []);
    expect((await stored())[0]?.gone_at).toBeNull();
  });
});

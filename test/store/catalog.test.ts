// The catalog: changed entries written, gone ones marked only after a complete pass, returning ones back.
import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { AffiliateNetworkRecord, LandingPageRecord } from '../../src/core/resources.ts';
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

const plain = (externalId: string) => ({
  ...{ externalId, name: externalId, state: null, createdAt: null, changedAt: null, raw: { id: externalId } },
});
const network = (externalId: string, name = `network ${externalId}`): AffiliateNetworkRecord => ({
  ...{ externalId, name, state: 'active', createdAt: null, changedAt: null, postbackUrl: null },
  raw: { id: externalId, name },
});
const save = (...records: AffiliateNetworkRecord[]) =>
  db.transaction().execute((tx) => saveCatalog(tx, owner, 'affiliate_networks', records));
const stored = () =>
  db
    .selectFrom('affiliate_network')
    .selectAll()
    .where('tracker_config_id', '=', owner.configId)
    .orderBy('external_id')
    .execute();

describe('entries', () => {
  test('are written where they changed and only there', async () => {
    expect(await save(network('1'), network('2'))).toEqual({ written: 2, inserted: 2, unreadable: [] });
    expect(await save(network('1'), network('2', 'renamed'))).toEqual({ written: 1, inserted: 0, unreadable: [] });
    expect((await stored()).map((row) => row.name)).toEqual(['network 1', 'renamed']);
  });

  test('come with what PostgreSQL cannot hold taken out', async () => {
    await save(network('1', 'a\0b\ud800'));
    expect((await stored())[0]?.name).toBe('ab\ufffd');
  });

  test('that the database refuses are set aside, the rest of the page is kept', async () => {
    const page = (offerCount: number): LandingPageRecord[] =>
      Array.from({ length: 20 }, (_, i) => ({
        ...{ ...plain(`${i}`), type: null, landingUrl: null, offerCount: i === 3 || i === 12 ? offerCount : i },
      }));
    const saved = await db.transaction().execute((tx) => saveCatalog(tx, owner, 'landing_pages', page(3e9)));
    const refusal = (id: string) => ({ reason: expect.stringContaining('out of range'), raw: `{"id":"${id}"}` });
    expect(saved).toEqual({ written: 18, inserted: 18, unreadable: expect.arrayContaining(['3', '12'].map(refusal)) });
    expect(saved.unreadable).toHaveLength(2);
    await expect(db.transaction().execute((tx) => saveCatalog(tx, owner, 'landing_pages', page(1)))).resolves.toEqual({
      written: 2,
      inserted: 2,
      unreadable: [],
    });
  });

  test('with an id that no index holds are set aside', async () => {
    const saved = await save(network('1'), network(randomBytes(4_000).toString('hex'), 'long'), network('2'));
    expect(saved).toMatchObject({ written: 2, unreadable: [{ reason: expect.stringContaining('refuses it') }] });
  });

  test('that a complete pass did not show are gone, and back when they are shown again', async () => {
    await save(network('1'), network('2'));
    await markGone(db, owner.configId, 'affiliate_networks', ['1']);
    expect((await stored()).map((row) => row.gone_at !== null)).toEqual([false, true]);
    expect(await save(network('2'))).toEqual({ written: 1, inserted: 0, unreadable: [] });
    expect((await stored()).map((row) => row.gone_at)).toEqual([null, null]);
  });

  test('are not marked by a pass that showed nothing', async () => {
    await save(network('1'));
    await markGone(db, owner.configId, 'affiliate_networks', []);
    expect((await stored())[0]?.gone_at).toBeNull();
  });
});

// Key rotation while configs are read and changed: no read fails, nothing is lost, a missing key stops nobody else.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createVault } from '../../src/store/vault.ts';
import { openCredentials, sealCredentials } from '../../src/store/vault-credentials.ts';
import { resealAll } from '../../src/store/vault-rotation.ts';
import { type Harness, startHarness } from '../api/harness.ts';
import { KEY, seedConfig } from '../api/seed.ts';

const oldKey = { id: 'old', key: randomBytes(32) };
const newKey = { id: 'new', key: randomBytes(32) };
const before = createVault([oldKey]);
const both = createVault([newKey, oldKey]);

let api: Harness;

beforeAll(async () => {
  api = await startHarness();
});
afterAll(() => api.end());
beforeEach(async () => {
  await api.db.deleteFrom('tracker_config').execute();
});

const rows = () => api.db.selectFrom('tracker_config').selectAll().orderBy('id').execute();
const seedMany = (count: number) =>
  Promise.all(
    Array.from({ length: count }, () =>
      seedConfig(api.db, api.ours.organizationId, { vault: before, credentials_key_id: 'old' }),
    ),
  );

test('all rows end under the newest key, and still open', async () => {
  await seedMany(5);
  expect(await resealAll(api.db, both)).toEqual({ resealed: 5, skipped: 0, unopened: [] });
  for (const row of await rows()) {
    expect(row.credentials_key_id).toBe('new');
    expect(openCredentials(createVault([newKey]), row)).toEqual({ apiKey: KEY });
  }
  expect(await resealAll(api.db, both)).toEqual({ resealed: 0, skipped: 0, unopened: [] });
});

test('no read fails meanwhile, and two rotations share the work', async () => {
  await seedMany(30);
  let isDone = false;
  const reader = (async () => {
    let reads = 0;
    while (!isDone) {
      for (const row of await rows()) expect(openCredentials(both, row)).toEqual({ apiKey: KEY });
      reads++;
    }
    return reads;
  })();
  const rotations = await Promise.all([resealAll(api.db, both), resealAll(api.db, both)]);
  isDone = true;
  expect(await reader).toBeGreaterThan(0);
  expect(rotations[0].resealed + rotations[1].resealed).toBe(30);
});

test('a row that somebody changes meanwhile is left to them', async () => {
  const [id] = await seedMany(1);
  await api.db.transaction().execute(async (tx) => {
    const row = await tx
      .selectFrom('tracker_config')
      .selectAll()
      .where('id', '=', id!)
      .forUpdate()
      .executeTakeFirstOrThrow();
    expect(await resealAll(api.db, both)).toEqual({ resealed: 0, skipped: 1, unopened: [] });
    const changed = { ...row, credentials_version: 2 };
    await tx
      .updateTable('tracker_config')
      .set({ credentials_version: 2, ...sealCredentials(both, changed, { apiKey: 'changed' }) })
      .where('id', '=', id!)
      .execute();
  });
  expect(await resealAll(api.db, both)).toEqual({ resealed: 0, skipped: 0, unopened: [] });
  expect(openCredentials(both, (await rows())[0]!)).toEqual({ apiKey: 'changed' });
});

test('a page transaction that holds the row KEY SHARE neither waits nor makes wait', async () => {
  const [id] = await seedMany(1);
  await api.db.transaction().execute(async (tx) => {
    await tx.selectFrom('tracker_config').select('id').where('id', '=', id!).forKeyShare().execute();
    expect((await resealAll(api.db, both)).resealed).toBe(1);
  });
});

test('a row whose key is missing is named and kept; the others go on', async () => {
  const [lost] = await seedMany(1);
  await seedConfig(api.db, api.ours.organizationId, { vault: createVault([newKey]), credentials_key_id: 'new' });
  const third = { id: 'third', key: randomBytes(32) };
  const kept = (await rows()).find(({ id }) => id === lost)!.credentials_sealed;
  expect(await resealAll(api.db, createVault([third, newKey]))).toEqual({
    ...{ resealed: 1, skipped: 0 },
    unopened: [{ configId: lost, problem: 'unknown_key' }],
  });
  expect((await rows()).find(({ id }) => id === lost)!.credentials_sealed).toBe(kept);
});

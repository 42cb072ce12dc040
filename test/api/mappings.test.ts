// What status words mean: shown beside what was seen of them, changed by a person, true at once for every stored row.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Harness, startHarness } from './harness.ts';
import { seedConversions } from './seed.ts';

let api: Harness;
let count = 0;

beforeAll(async () => {
  api = await startHarness();
});
afterAll(() => api.end());

/** A connected tracker with its declared map, and conversions in the tracker's own words. */
async function connected(settings: object = {}): Promise<string> {
  const answer = await api.ask('POST', '/api/v1/trackers', {
    body: {
      ...{ type: 'keitaro', name: `Mapped ${++count}`, url: `https://mapped-${count}.example.com`, settings },
      credentials: { apiKey: 'a-key-of-24-characters-00' },
    },
  });
  const configId = answer.json.id as string;
  await seedConversions(api.db, { configId, organizationId: api.ours.organizationId }, [
    { external_id: 'v1', converted_at: '2026-11-01T10:00:00Z', raw_status: 'sale', revenue: '10.10' },
    { external_id: 'v2', converted_at: '2026-11-01T11:00:00Z', raw_status: 'SALE', revenue: '0.0000000001' },
    { external_id: 'v3', converted_at: '2026-11-01T12:00:00Z', raw_status: 'sale', revenue: '5', currency: 'EUR' },
    { external_id: 'v4', converted_at: '2026-11-01T13:00:00Z', raw_status: 'Trial Won', revenue: '7' },
    { external_id: 'v5', converted_at: '2026-11-01T14:00:00Z', raw_status: 'Trial Won', revenue: null, currency: null },
  ]);
  return configId;
}

const read = async (id: string) => (await api.ask('GET', `/api/v1/trackers/${id}/mappings`)).json.statuses as Word[];
const change = (id: string, body: unknown, asked: object = {}) =>
  api.ask('PUT', `/api/v1/trackers/${id}/mappings/statuses`, { body, ...asked });

interface Word {
  rawStatus: string;
  status: string;
  reversed: boolean;
  isDefault: boolean;
  isMapped: boolean;
  conversions: number;
  revenue: string;
  currency: string;
  lastSeenAt: string | null;
}

/** As every other part of the API shows it. */
async function statusOf(id: string, externalId: string): Promise<{ status: string; reversed: boolean }> {
  const { items } = (await api.ask('GET', `/api/v1/conversions?configId=${id}&q=${externalId}`)).json;
  const { status, reversed } = items[0];
  return { status, reversed };
}

describe('shown', () => {
  test('are the words that were seen, by currency, and those that are mapped; what nobody mapped stands first', async () => {
    // Another connection's words are its own.
    await connected();
    const words = await read(await connected({ currency: 'PLN' }));
    const usual = { reversed: false, isDefault: true, isMapped: true };
    expect(words.slice(0, 4)).toEqual([
      {
        ...{ rawStatus: 'Trial Won', status: 'pending', ...usual, isMapped: false, conversions: 1 },
        ...{ revenue: '0', currency: 'PLN', lastSeenAt: '2026-11-01T14:00:00.000Z' },
      },
      {
        ...{ rawStatus: 'Trial Won', status: 'pending', ...usual, isMapped: false, conversions: 1 },
        ...{ revenue: '7', currency: 'USD', lastSeenAt: '2026-11-01T13:00:00.000Z' },
      },
      {
        ...{ rawStatus: 'SALE', status: 'approved', ...usual, conversions: 2 },
        ...{ revenue: '10.1000000001', currency: 'USD', lastSeenAt: '2026-11-01T11:00:00.000Z' },
      },
      {
        ...{ rawStatus: 'sale', status: 'approved', ...usual, conversions: 1 },
        ...{ revenue: '5', currency: 'EUR', lastSeenAt: '2026-11-01T12:00:00.000Z' },
      },
    ]);
    const unseen = words.slice(4);
    expect(unseen.map(({ rawStatus }) => rawStatus)).toEqual([
      ...['deposit', 'lead', 'rebill', 'registration', 'rejected', 'trash'],
    ]);
    for (const word of unseen) expect(word).toMatchObject({ conversions: 0, revenue: '0', currency: 'PLN' });
  });
});

describe('changed', () => {
  test('a word counts at once, in every row that has it, whatever its case; no row is written and nobody woken', async () => {
    const id = await connected();
    const rows = () =>
      sql`select c.*, c.xmin::text as version from conversion c where tracker_config_id = ${id}::uuid order by id`.execute(
        api.db,
      );
    const before = await rows();
    const woken = api.woken.length;
    const answer = await change(id, { SaLe: 'hold', 'trial won': { status: 'rejected', reversed: true } });
    expect(answer.status).toBe(200);
    expect(answer.json.statuses).toEqual(await read(id));
    for (const v of ['v1', 'v2', 'v3']) expect(await statusOf(id, v)).toEqual({ status: 'hold', reversed: false });
    expect(await statusOf(id, 'v4')).toEqual({ status: 'rejected', reversed: true });
    const report = `/api/v1/reports?from=2026-11-01T00:00:00Z&to=2026-11-02T00:00:00Z&configId=${id}`;
    const { totals } = (await api.ask('GET', report)).json;
    expect(totals.find(({ currency }: { currency: string }) => currency === 'USD')).toMatchObject({
      ...{ approved: 0, hold: 2, pending: 0, rejected: 2, reversed: 2, conversions: 2, revenue: '10.1000000001' },
    });
    expect((await rows()).rows).toEqual(before.rows);
    expect(api.woken).toHaveLength(woken);
    const told = (await read(id)).filter(({ isDefault }) => !isDefault);
    expect(new Set(told.map(({ rawStatus, isMapped }) => [rawStatus, isMapped].join()))).toEqual(
      new Set(['Trial Won,true', 'SALE,true', 'sale,true']),
    );
  });

  test('null takes the default back: a meaning where the tracker declares one, none where it does not', async () => {
    const id = await connected();
    const before = await read(id);
    await change(id, { sale: 'rejected', 'Trial Won': 'approved', trash: 'hold' });
    expect(await read(id)).not.toEqual(before);
    expect((await change(id, { SALE: null, 'TRIAL WON': null })).status).toBe(200);
    expect(await statusOf(id, 'v1')).toEqual({ status: 'approved', reversed: false });
    expect(await statusOf(id, 'v4')).toEqual({ status: 'pending', reversed: false });
    expect((await read(id)).find(({ rawStatus }) => rawStatus === 'trash')).toMatchObject({ status: 'hold' });
    await change(id, { trash: null });
    expect(await read(id)).toEqual(before);
  });

  test('null where the tracker declares a meaning for every word that it does not name', async () => {
    const { json } = await api.ask('POST', '/api/v1/trackers', {
      body: {
        ...{ type: 'voluum', name: `Mapped ${++count}` },
        credentials: { accessId: 'an-id', accessKey: 'a-key-of-24-characters-00' },
      },
    });
    await change(json.id, { Upsell: { status: 'rejected', reversed: true } });
    const statuses = (await change(json.id, { upsell: null })).json.statuses as Word[];
    expect(statuses.find(({ rawStatus }) => rawStatus === 'upsell')).toMatchObject({
      ...{ status: 'approved', reversed: false, isDefault: true, isMapped: true },
    });
  });

  test('what was not said is not reversed, and what is said again stays', async () => {
    const id = await connected();
    await change(id, { sale: { status: 'approved', reversed: true } });
    expect(await statusOf(id, 'v1')).toEqual({ status: 'approved', reversed: true });
    await change(id, { sale: { status: 'approved' } });
    expect(await statusOf(id, 'v1')).toEqual({ status: 'approved', reversed: false });
    // A person's word, though it is the default's: it is shown as theirs.
    expect((await read(id)).find(({ rawStatus }) => rawStatus === 'SALE')).toMatchObject({ isDefault: false });
  });

  test('a word before its first conversion, an empty one, one of another alphabet', async () => {
    const id = await connected();
    await change(id, { Возврат: { status: 'rejected', reversed: true }, '': 'approved', Soon: 'hold' });
    const owner = { configId: id, organizationId: api.ours.organizationId };
    await seedConversions(api.db, owner, [
      { external_id: 'w1', converted_at: '2026-11-02T10:00:00Z', raw_status: 'ВОЗВРАТ' },
      { external_id: 'w2', converted_at: '2026-11-02T10:00:00Z', raw_status: '' },
      { external_id: 'w3', converted_at: '2026-11-02T10:00:00Z', raw_status: 'soon' },
    ]);
    expect(await statusOf(id, 'w1')).toEqual({ status: 'rejected', reversed: true });
    expect(await statusOf(id, 'w2')).toEqual({ status: 'approved', reversed: false });
    expect(await statusOf(id, 'w3')).toEqual({ status: 'hold', reversed: false });
  });

  test('each is in the journal, as it was and as it is; what changed nothing is not', async () => {
    const id = await connected();
    const journal = async () =>
      (await api.ask('GET', `/api/v1/audit-log?configId=${id}&action=tracker.map_statuses`)).json.items;
    await change(id, {});
    await change(id, { sale: null, unheard: null });
    expect(await journal()).toEqual([]);
    await change(id, { Sale: 'hold', trial: 'approved' }, { key: api.ours.keys.manager });
    await change(id, { sale: null });
    const [back, first] = await journal();
    const declared = { status: 'approved', reversed: false, isDefault: true };
    expect(first).toMatchObject({ actorName: 'ours manager', targetId: id });
    expect([first.before, first.after]).toEqual([
      { sale: declared, trial: null },
      {
        sale: { status: 'hold', reversed: false, isDefault: false },
        trial: { status: 'approved', reversed: false, isDefault: false },
      },
    ]);
    expect([back.before.sale.status, back.after]).toEqual(['hold', { sale: declared }]);
  });

  test('by two at once, each is told truly', async () => {
    const id = await connected();
    await Promise.all(['hold', 'rejected', 'pending'].map((status) => change(id, { sale: status })));
    const { items } = (await api.ask('GET', `/api/v1/audit-log?configId=${id}&action=tracker.map_statuses`)).json;
    // A chain from the default to what counts now, whichever came first.
    const before = items.map((entry: { before: Steps }) => entry.before.sale!.status);
    const after = items.map((entry: { after: Steps }) => entry.after.sale!.status);
    const { status } = await statusOf(id, 'v1');
    expect(items).toHaveLength(3);
    expect([...before, status].sort()).toEqual(['approved', ...after].sort());
  });
});

type Steps = Record<string, { status: string }>;

describe('refused', () => {
  const MEANING = /must be approved, pending, rejected, hold/;
  test.each<[string, (id: string) => Promise<{ status: number }>, string]>([
    ['a change', (id) => change(id, { sale: 'hold' }), 'hold'],
    [
      'a preview',
      (id) => api.ask('POST', `/api/v1/trackers/${id}/mappings/preview`, { body: { statuses: { sale: 'hold' } } }),
      'approved',
    ],
  ])('while %s counts, the tracker is written as ever', async (_, ask, meaning) => {
    const id = await connected();
    const counting = Promise.withResolvers<void>();
    const isCounting = Promise.withResolvers<void>();
    const counted = api.db.transaction().execute(async (tx) => {
      await sql`lock table conversion in access exclusive mode`.execute(tx);
      isCounting.resolve();
      await counting.promise;
    });
    await isCounting.promise;
    const asked = ask(id);
    const isWaiting = async () => {
      const { rows } = await sql`select from pg_locks where relation = 'conversion'::regclass and not granted`.execute(
        api.db,
      );
      return rows.length > 0;
    };
    await expect.poll(isWaiting, { timeout: 10_000 }).toBe(true);
    try {
      await api.db.transaction().execute(async (tx) => {
        await sql`set local lock_timeout = '2s'`.execute(tx);
        await sql`update tracker_config set last_synced_at = now() where id = ${id}`.execute(tx);
      });
      const { rows } = await sql<{ status: string }>`select status from status_map
        where tracker_config_id = ${id} and raw_status = 'sale'`.execute(api.db);
      expect(rows).toEqual([{ status: meaning }]);
    } finally {
      counting.resolve();
      await counted;
    }
    expect((await asked).status).toBe(200);
  });

  test.each<[string, unknown, string, RegExp]>([
    ['a status that is none', { sale: 'paid', lead: 'approved' }, 'sale', MEANING],
    ['an object without a status', { sale: { reversed: true } }, 'sale', MEANING],
    ['a field that is not known', { sale: { status: 'hold', note: 'x' } }, 'sale.note', /not known/],
    ['a mark that is none', { lead: { status: 'hold', reversed: 'yes' } }, 'lead', MEANING],
    ['a number', { '': 1 }, '', MEANING],
    ['one word twice', { sale: 'hold', Sale: 'approved' }, 'Sale', /same word as sale/],
    ['a word with NUL', { 'a\0b': 'hold' }, 'a\0b', /no text may have/],
    ['half of a character', { '\ud800': 'hold' }, '\ud800', /no text may have/],
    ['a word beyond all measure', { ['x'.repeat(501)]: 'hold' }, 'x'.repeat(501), /longer than 500/],
    ['a list', ['sale'], '', /expected record/],
  ])('is %s', async (_, body, path, message) => {
    const id = await connected();
    const before = await read(id);
    const { status, json } = await change(id, body);
    expect([status, json.code]).toEqual([400, 'invalid_request']);
    expect(json.errors).toContainEqual({ path, message: expect.stringMatching(message) });
    expect(await read(id)).toEqual(before);
  });

  test('are more words than any tracker has', async () => {
    const words = Object.fromEntries(Array.from({ length: 1_001 }, (_, i) => [`w${i}`, 'hold']));
    expect((await change(await connected(), words)).status).toBe(400);
  });

  test('the longest word is stored', async () => {
    const id = await connected();
    expect((await change(id, { ['щ'.repeat(500)]: 'hold' })).status).toBe(200);
  });

  test('is who may not change, and a tracker that is gone', async () => {
    const id = await connected();
    expect((await change(id, { sale: 'hold' }, { key: api.ours.keys.mediabuyer })).status).toBe(403);
    await api.ask('DELETE', `/api/v1/trackers/${id}`);
    expect((await change(id, { sale: 'hold' })).status).toBe(404);
    expect((await api.ask('GET', `/api/v1/trackers/${id}/mappings`)).status).toBe(404);
  });
});

// Lists of the catalog, clicks and conversions: filters, pages without gap or double, CSV that a spreadsheet can open safely.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Harness, startHarness } from './harness.ts';
import { seedCampaign, seedClicks, seedConfig, seedConversions } from './seed.ts';

let api: Harness;
let config: string;
let other: string;
let campaign: string;

beforeAll(async () => {
  api = await startHarness();
  const { organizationId } = api.ours;
  config = await seedConfig(api.db, organizationId);
  other = await seedConfig(api.db, organizationId);
  const owner = { configId: config, organizationId };
  campaign = await seedCampaign(api.db, owner, '7', { name: 'Summer, "hot"', cost_value: '0.0125', currency: 'EUR' });
  await seedCampaign(api.db, { configId: other, organizationId }, '7', { name: 'Of the other', state: 'paused' });
  await seedClicks(api.db, owner, [
    {
      ...{ external_id: 'c1', clicked_at: '2026-11-01T10:00:00.001Z', campaign_external_id: '7', cost: '0.0125' },
      ...{ country: 'DE', sub_ids: JSON.stringify({ '1': 'fb', '30': '=HYPERLINK("http://x")' }), is_bot: false },
      ...{ offer_external_id: 'unknown', referrer: '@SUM(1+1)', ip: '203.0.113.9', revenue: '-1.50' },
    },
    {
      external_id: 'c2',
      clicked_at: '2026-11-01T10:00:00.001Z',
      country: 'FR',
      sub_ids: JSON.stringify({ '1': 'tt' }),
    },
    { external_id: 'c3', clicked_at: '2026-11-02T10:00:00Z', country: 'DE' },
  ]);
  await seedClicks(api.db, { configId: other, organizationId }, [
    { external_id: 'c1', clicked_at: '2026-11-03T10:00:00Z', campaign_external_id: '7' },
  ]);
  await seedConversions(api.db, owner, [
    {
      ...{ external_id: 'v1', click_external_id: 'c1', transaction_id: 't-1', converted_at: '2026-11-01T11:00:00Z' },
      ...{ raw_status: 'Sale', revenue: '12.50', payout: '10', campaign_external_id: '7', country: 'DE' },
    },
    { external_id: 'v2', click_external_id: 'c2', converted_at: '2026-11-01T12:00:00Z', raw_status: 'chargeback' },
    { external_id: 'v3', converted_at: '2026-11-01T13:00:00Z', raw_status: 'never seen' },
  ]);
});
afterAll(() => api.end());

const list = async (path: string) => (await api.ask('GET', `/api/v1/${path}`)).json;
const ids = async (path: string): Promise<string[]> =>
  (await list(path)).items.map(({ externalId }: { externalId: string }) => externalId);

describe('the catalog', () => {
  test('shows what the tracker has, with money as exact text', async () => {
    const { items } = await list(`campaigns?configId=${config}`);
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({
      ...{ id: campaign, configId: config, externalId: '7', name: 'Summer, "hot"', state: 'active' },
      ...{ costValue: '0.0125', currency: 'EUR', goneAt: null, alias: null },
    });
  });

  test.each([
    ['state=paused', 1],
    ['q=summer', 1],
    ['q=7', 2],
    ['q=%25', 0],
    ['state=gone', 0],
  ])('?%s finds %i', async (query, count) => {
    expect((await list(`campaigns?${query}`)).items).toHaveLength(count);
  });

  test('finds by our id', async () => {
    expect((await list(`campaigns?q=${campaign}`)).items).toHaveLength(1);
  });

  test.each(['offers', 'landing-pages', 'flows', 'traffic-sources', 'affiliate-networks'])(
    '%s are there too',
    async (noun) => {
      const table = noun.replace('-', '_').replace(/s$/, '') as 'offer';
      await api.db
        .insertInto(table)
        .values({
          ...{ organization_id: api.ours.organizationId, tracker_config_id: config, external_id: 'x1', name: noun },
          ...{ raw: '{}', row_hash: config },
        })
        .execute();
      expect((await list(noun)).items).toMatchObject([{ externalId: 'x1', name: noun, configId: config }]);
    },
  );
});

describe('clicks', () => {
  test('carry their catalog entries, sub-ids and exact money', async () => {
    const { items } = await list('clicks?q=c1&to=2026-11-02T00:00:00Z');
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({
      ...{ externalId: 'c1', clickedAt: '2026-11-01T10:00:00.001Z', cost: '0.0125', currency: 'USD', isBot: false },
      campaign: { id: campaign, externalId: '7', name: 'Summer, "hot"' },
      offer: { id: null, externalId: 'unknown', name: null },
      flow: null,
      subIds: { '1': 'fb' },
      isDerived: false,
    });
  });

  test('come newest first', async () => {
    expect((await ids('clicks')).slice(0, 2)).toEqual(['c1', 'c3']);
  });

  test.each([
    ['country=DE', ['c3', 'c1']],
    ['subId1=tt', ['c2']],
    ['subId2=tt', []],
    ['from=2026-11-02T10:00:00Z', ['c1', 'c3']],
    ['to=2026-11-02T10:00:00Z&country=FR', ['c2']],
    ['status=approved', ['c1']],
    ['rawStatus=CHARGEBACK', ['c2']],
    ['status=hold', []],
    ['q=c3', ['c3']],
    ['q=nothing', []],
  ])('?%s finds %j', async (query, expected) => {
    expect(await ids(`clicks?${query}`)).toEqual(expected);
  });

  test('of a campaign are those of its own tracker', async () => {
    expect((await list(`clicks?campaignId=${campaign}`)).items).toMatchObject([{ configId: config, externalId: 'c1' }]);
  });

  test('go by in pages without gap or double, also at one and the same moment', async () => {
    const seen: string[] = [];
    let cursor = '';
    for (let page = 0; page < 10; page++) {
      const { items, nextCursor } = await list(`clicks?limit=1${cursor && `&cursor=${cursor}`}`);
      seen.push(...items.map(({ id }: { id: string }) => id));
      if (nextCursor === null) break;
      cursor = nextCursor;
    }
    expect(seen).toHaveLength(4);
    expect(new Set(seen).size).toBe(4);
  });

  test.each([
    ['from=2026-11-02T00:00:00Z&to=2026-11-01T00:00:00Z', 'to'],
    ['from=yesterday', 'from'],
    ['status=sold', 'status'],
  ])('refuse ?%s', async (query, path) => {
    const { status, json } = await api.ask('GET', `/api/v1/clicks?${query}`);
    expect([status, json.errors[0].path]).toEqual([400, path]);
  });
});

describe('conversions', () => {
  test('carry their canonical status, looked up at read', async () => {
    const { items } = await list('conversions');
    expect(
      items.map(({ rawStatus, status, reversed }: Record<string, unknown>) => [rawStatus, status, reversed]),
    ).toEqual([
      ['never seen', 'pending', false],
      ['chargeback', 'rejected', true],
      ['Sale', 'approved', false],
    ]);
    expect(items[2]).toMatchObject({ revenue: '12.50', payout: '10', clickExternalId: 'c1', transactionId: 't-1' });
  });

  test.each([
    ['status=approved', ['v1']],
    ['rawStatus=sale', ['v1']],
    ['q=t-1', ['v1']],
    ['q=c2', ['v2']],
    ['from=2026-11-01T12:00:00Z&to=2026-11-01T13:00:00Z', ['v2']],
  ])('?%s finds %j', async (query, expected) => {
    expect(await ids(`conversions?${query}`)).toEqual(expected);
  });

  test('are found by our id', async () => {
    const { items } = await list('conversions?q=v1');
    expect(await ids(`conversions?q=${items[0].id}`)).toEqual(['v1']);
  });

  test('have a timeline, in which a changed meaning of a word speaks for the past too', async () => {
    const { items } = await list('conversions?q=v2');
    const moment = (hour: number, raw_status: string, revenue: string | null) => ({
      ...{ organization_id: api.ours.organizationId, tracker_config_id: config, conversion_id: items[0].id },
      ...{ seen_at: new Date(Date.UTC(2026, 10, 1, hour)), raw_status, revenue, currency: 'USD' },
    });
    await api.db
      .insertInto('conversion_change')
      .values([moment(13, 'sale', '5.00'), moment(12, 'lead', '0')])
      .execute();
    const timeline = await list(`conversions/${items[0].id}/timeline`);
    expect(
      timeline.map(({ rawStatus, status, revenue }: Record<string, unknown>) => [rawStatus, status, revenue]),
    ).toEqual([
      ['lead', 'pending', '0'],
      ['sale', 'approved', '5.00'],
      ['chargeback', 'rejected', null],
    ]);
    expect(timeline[2]).toMatchObject({ reversed: true });
    await api.db
      .insertInto('conversion_change')
      .values(moment(14, 'chargeback', null))
      .execute();
    expect(await list(`conversions/${items[0].id}/timeline`)).toHaveLength(3);
  });
});

describe('CSV', () => {
  const csv = async (path: string) => {
    const { status, headers, text } = await api.ask('GET', path, { headers: { accept: 'text/csv' } });
    expect([status, headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8']);
    return text.trimEnd().split('\r\n');
  };

  test('has a head and a line a click, with nothing that would be run', async () => {
    const [head, ...lines] = await csv(`/api/v1/clicks?campaignId=${campaign}`);
    expect(head).toMatch(/^id,configId,externalId,clickedAt,campaign,campaignExternalId,/);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(',c1,2026-11-01T10:00:00.001Z,"Summer, ""hot""",7,');
    expect(lines[0]).toContain(`,"'=HYPERLINK(""http://x"")"`);
    expect(lines[0]).toContain(`,'@SUM(1+1),`);
    expect(lines[0]).toContain(',0.0125,-1.50,USD,');
  });

  test('has all rows, over many pages, whatever the limit', async () => {
    const { organizationId } = api.theirs;
    const owner = { configId: await seedConfig(api.db, organizationId), organizationId };
    const at = (i: number) => new Date(Date.UTC(2026, 9, 1) + Math.floor(i / 3) * 1_000).toISOString();
    await seedConversions(
      api.db,
      owner,
      Array.from({ length: 2_500 }, (_, i) => ({ external_id: `n${i}`, converted_at: at(i), raw_status: 'sale' })),
    );
    const { text } = await api.ask('GET', '/api/v1/conversions?limit=10', {
      headers: { accept: 'text/csv' },
      key: api.theirs.keys.viewer,
    });
    const lines = text.trimEnd().split('\r\n').slice(1);
    expect(new Set(lines.map((line) => line.split(',')[2])).size).toBe(2_500);
    expect(lines).toHaveLength(2_500);
  });

  test('is not begun where the question is wrong', async () => {
    const answer = await api.ask('GET', '/api/v1/clicks?country=', { headers: { accept: 'text/csv' } });
    expect([answer.status, answer.json.code]).toEqual([400, 'invalid_request']);
  });
});

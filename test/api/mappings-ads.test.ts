// Sub-ids and campaigns that lead to ads, what a change would do to the numbers, and changes that are taken back.
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Harness, startHarness } from './harness.ts';
import { seedCampaign, seedClicks, seedConfig, seedConversions } from './seed.ts';

let api: Harness;
let configId: string;
let alpha: string;
let beta: string;

beforeAll(async () => {
  api = await startHarness();
  await api.ask('PUT', '/api/v1/ads?platform=facebook', {
    body: [
      { adCampaignId: 'c1', adCampaignName: 'Spring', adSetId: 's1', adId: 'a1' },
      { adCampaignId: 'c2', adSetId: 's2', adId: 'a2' },
    ],
  });
});
afterAll(() => api.end());

const PARAMETERS = {
  sub_id_1: { name: 'fbclid', placeholder: '{{fbclid}}' },
  sub_id_2: { name: 'utm_campaign', placeholder: '{{campaign.id}}' },
  sub_id_4: { name: 'ad', placeholder: '{{ad.id}}' },
};
const hoursAgo = (hours: number): string => new Date(Date.now() - hours * 3_600_000).toISOString();

beforeEach(async () => {
  const { organizationId } = api.ours;
  configId = await seedConfig(api.db, organizationId);
  const owner = { configId, organizationId };
  alpha = await seedCampaign(api.db, owner, '1', { name: 'Alpha' });
  beta = await seedCampaign(api.db, owner, '2', { name: 'Beta' });
  await api.db
    .insertInto('traffic_source')
    .values({
      ...{ organization_id: organizationId, tracker_config_id: configId, external_id: '1', name: 'Facebook' },
      ...{ row_hash: randomUUID(), raw: '{}', parameters: JSON.stringify(PARAMETERS) },
    })
    .execute();
  const click = (campaign: string, subIds: object) => ({
    ...{ clicked_at: hoursAgo(3), campaign_external_id: campaign, sub_ids: JSON.stringify(subIds) },
  });
  await seedClicks(api.db, owner, [
    click('1', { '1': 'x1', '2': 'c9', '4': 'a1' }),
    click('1', { '1': 'x2', '2': 'c9', '4': '{{ad.id}}' }),
    click('1', { '1': 'x3', '2': '{{campaign.id}}', '4': 'unknown' }),
    click('2', { '1': 'x4' }),
  ]);
  await seedConversions(api.db, owner, [
    { converted_at: hoursAgo(2), raw_status: 'sale', revenue: '10' },
    { converted_at: hoursAgo(2), raw_status: 'Trial Won', revenue: '7.5' },
    { converted_at: hoursAgo(2), raw_status: 'Trial Won', revenue: '2', currency: 'EUR' },
  ]);
});

const at = (rest = '') => `/api/v1/trackers/${configId}/mappings${rest}`;
const read = async () => (await api.ask('GET', at())).json;
const put = (what: string, body: unknown) => api.ask('PUT', at(`/${what}`), { body });
const undo = (body: object = {}) => api.ask('POST', at('/undo'), { body });
const pairs = (json: {
  campaigns: { campaignId: string; adCampaignId: string; isAutomatic: boolean; clicks: number }[];
}) =>
  json.campaigns.map(({ campaignId, adCampaignId, isAutomatic, clicks }) => [
    campaignId,
    adCampaignId,
    isAutomatic,
    clicks,
  ]);

describe('sub-ids', () => {
  test('are guessed until a person says what they carry, and nothing goes by a guess', async () => {
    const { subIds, campaigns } = await read();
    expect(subIds).toEqual({
      ...{ clickId: 'sub_1', adCampaign: 'sub_2', adSet: null, ad: 'sub_4', placement: null, isGuess: true },
      because: {
        clickId: 'traffic sources have fbclid = {{fbclid}}',
        adCampaign: 'traffic sources have utm_campaign = {{campaign.id}}',
        // Two real values came in; a macro is none.
        ad: '50 % of its values are ids that were uploaded',
      },
    });
    expect(campaigns).toEqual([]);
    const { status, json } = await put('sub-ids', { clickId: 'sub_1', adCampaign: 'sub_2', ad: 'sub_4' });
    expect(status).toBe(200);
    expect(json.subIds).toMatchObject({ adCampaign: 'sub_2', adSet: null, isGuess: false, because: {} });
    expect((await put('sub-ids', {})).json.subIds.isGuess).toBe(true);
  });

  test('lead campaigns to ad campaigns by themselves: through the ad that is known, else by their own', async () => {
    const { json } = await put('sub-ids', { adCampaign: 'sub_2', ad: 'sub_4' });
    expect(pairs(json)).toEqual([
      [alpha, 'c1', true, 1],
      [alpha, 'c9', true, 1],
    ]);
    expect(json.campaigns[0].adCampaign).toEqual({ externalId: 'c1', platform: 'facebook', name: 'Spring' });
  });

  test('lead through the ad set where only that is carried', async () => {
    await seedClicks(api.db, { configId, organizationId: api.ours.organizationId }, [
      { clicked_at: hoursAgo(2), campaign_external_id: '2', sub_ids: JSON.stringify({ '3': 's2' }) },
    ]);
    const { json } = await put('sub-ids', { adSet: 'sub_3' });
    expect(pairs(json)).toEqual([[beta, 'c2', true, 1]]);
    const range = `from=${hoursAgo(5)}&configId=${configId}`;
    const { rows } = (await api.ask('GET', `/api/v1/reports?${range}&groupBy=adCampaign`)).json;
    expect(
      rows.map(({ keys, clicks }: { keys: { adCampaign: { externalId: string } | null }; clicks: number }) => [
        keys.adCampaign?.externalId,
        clicks,
      ]),
    ).toContainEqual(['c2', 1]);
  });

  test.each([
    [{ ad: 'sub_4', adSet: 'sub_4' }, 'is the same sub-id as'],
    [{ ad: 'sub_31' }, 'must be sub_1'],
    [{ ad: 4 }, 'expected string'],
    [{ colour: 'sub_1' }, 'not known here'],
  ])('%j is refused', async (body, message) => {
    const { status, text } = await put('sub-ids', body);
    expect(status).toBe(400);
    expect(text).toContain(message);
    expect((await read()).subIds.isGuess).toBe(true);
  });
});

describe('campaigns', () => {
  test('are led by hand where sub-ids say nothing; null takes it back', async () => {
    expect(pairs((await put('campaigns', { [beta]: 'c2' })).json)).toEqual([[beta, 'c2', false, null]]);
    expect(pairs((await put('campaigns', { [beta]: null })).json)).toEqual([]);
  });

  test('of another tracker, or to an ad campaign that nobody uploaded, are refused by name', async () => {
    const { organizationId } = api.ours;
    const other = await seedConfig(api.db, organizationId);
    const foreign = await seedCampaign(api.db, { configId: other, organizationId }, '1');
    const { status, json } = await put('campaigns', { [foreign]: 'c1', [alpha]: 'c7', nonsense: null });
    expect([status, json.errors]).toEqual([
      400,
      [
        { path: foreign, message: 'is no campaign of this tracker' },
        { path: alpha, message: 'names an ad campaign that was not uploaded' },
        { path: 'nonsense', message: 'is no campaign of this tracker' },
      ],
    ]);
  });
});

describe('a preview', () => {
  test('says what the numbers would become, per currency, and changes nothing', async () => {
    const body = {
      statuses: { 'trial won': 'approved' },
      subIds: { adCampaign: 'sub_2', ad: 'sub_4' },
      campaigns: { [beta]: 'c2' },
    };
    const before = await read();
    const { status, json } = await api.ask('POST', at('/preview'), { body });
    expect(status).toBe(200);
    const none = { rejected: 0, hold: 0, reversed: 0 };
    expect(json.before).toEqual({
      statuses: [
        { currency: 'EUR', conversions: 1, approved: 0, pending: 1, ...none, revenue: '2', approvedRevenue: '0' },
        { currency: 'USD', conversions: 2, approved: 1, pending: 1, ...none, revenue: '17.5', approvedRevenue: '10' },
      ],
      ads: { clicks: 4, withAdCampaign: 0, withAdSet: 0, withAd: 0, withKnownAd: 0 },
    });
    expect(json.after).toEqual({
      statuses: [
        { currency: 'EUR', conversions: 1, approved: 1, pending: 0, ...none, revenue: '2', approvedRevenue: '2' },
        { currency: 'USD', conversions: 2, approved: 2, pending: 0, ...none, revenue: '17.5', approvedRevenue: '17.5' },
      ],
      ads: { clicks: 4, withAdCampaign: 3, withAdSet: 1, withAd: 2, withKnownAd: 1 },
    });
    expect(await read()).toEqual(before);
    // What would be refused is refused beforehand.
    expect((await api.ask('POST', at('/preview'), { body: { campaigns: { x: 'c1' } } })).status).toBe(400);
  });
});

describe('taken back', () => {
  test('the latest change first, each as it was before, and who did it is kept', async () => {
    await put('statuses', { 'Trial Won': 'approved', sale: 'hold' });
    await put('sub-ids', { ad: 'sub_4' });
    await put('campaigns', { [beta]: 'c2' });
    expect(
      (await undo()).json.campaigns.map(({ adCampaignId }: { adCampaignId: string }) => adCampaignId),
    ).not.toContain('c2');
    expect((await undo()).json.subIds.isGuess).toBe(true);
    const { json } = await undo();
    const word = (raw: string) => json.statuses.find(({ rawStatus }: { rawStatus: string }) => rawStatus === raw);
    expect(word('Trial Won')).toMatchObject({ status: 'pending', isMapped: false });
    expect(word('sale')).toMatchObject({ status: 'approved', isDefault: true });
    expect(
      json.changes.map(({ kind, undoneAt, actorName }: Record<string, unknown>) => [
        kind,
        undoneAt !== null,
        actorName,
      ]),
    ).toEqual([
      ['campaigns', true, 'ours owner'],
      ['sub_ids', true, 'ours owner'],
      ['statuses', true, 'ours owner'],
    ]);
    expect(await undo()).toMatchObject({ status: 409, json: { code: 'nothing_to_undo' } });
    const deeds = await api.db
      .selectFrom('audit_log')
      .select('action')
      .where('target_id', '=', configId)
      .orderBy('id')
      .execute();
    const kinds = ['statuses', 'sub_ids', 'campaigns'];
    expect(deeds.map(({ action }) => action)).toEqual([
      ...kinds.map((kind) => `tracker.map_${kind}`),
      ...kinds.map(() => 'tracker.undo_mapping'),
    ]);
  });

  test('an older one by its id, but not where what it set has changed since', async () => {
    await put('statuses', { 'Trial Won': 'approved' });
    await put('statuses', { sale: 'rejected' });
    await put('statuses', { sale: 'hold' });
    const [, second, first] = (await read()).changes;
    expect(await undo({ changeId: second.id })).toMatchObject({ status: 409, json: { code: 'changed_since' } });
    const { json } = await undo({ changeId: first.id });
    expect(json.statuses[0]).toMatchObject({ rawStatus: 'Trial Won', isMapped: false });
    expect(await undo({ changeId: first.id })).toMatchObject({ status: 409, json: { code: 'nothing_to_undo' } });
    expect((await undo({ changeId: randomUUID() })).status).toBe(409);
  });

  test('a sub-id that carries something else meanwhile is not given a second role', async () => {
    await put('sub-ids', { adSet: 'sub_3', ad: 'sub_4' });
    const second = (await put('sub-ids', { adSet: 'sub_3', ad: 'sub_5' })).json.changes[0];
    await put('sub-ids', { adSet: 'sub_4', ad: 'sub_5' });
    const { status, json } = await undo({ changeId: second.id });
    expect([status, json.code, json.detail]).toEqual([
      409,
      'changed_since',
      'sub_4 would carry both adSet and ad now.',
    ]);
    expect((await read()).subIds).toMatchObject({ adSet: 'sub_4', ad: 'sub_5' });
    // Two that change places are no second role at any moment.
    expect((await put('sub-ids', { adSet: 'sub_5', ad: 'sub_4' })).json.subIds).toMatchObject({
      ...{ adSet: 'sub_5', ad: 'sub_4' },
    });
  });

  test('whatever is put and taken back, no sub-id has two roles', { timeout: 60_000 }, async () => {
    const place = fc.constantFrom(null, 'sub_1', 'sub_2', 'sub_3');
    const deed = fc.oneof(
      fc.record({
        kind: fc.constant('put' as const),
        places: fc.record({ adCampaign: place, adSet: place, ad: place }),
      }),
      fc.record({ kind: fc.constant('undo' as const), nth: fc.nat(3) }),
    );
    const run = fc.asyncProperty(fc.array(deed, { minLength: 3, maxLength: 10 }), async (deeds) => {
      await put('sub-ids', {});
      await sql`delete from mapping_change where tracker_config_id = ${configId}`.execute(api.db);
      for (const one of deeds) {
        const { changes } = await read();
        const answer = await (one.kind === 'put'
          ? put('sub-ids', one.places)
          : undo(changes[one.nth] === undefined ? {} : { changeId: changes[one.nth].id }));
        expect([200, 400, 409], answer.text).toContain(answer.status);
        const { isGuess: _, because: __, ...places } = (await read()).subIds;
        const filled = Object.values(places).filter((name) => name !== null);
        expect(new Set(filled).size, JSON.stringify(places)).toBe(filled.length);
      }
    });
    await fc.assert(run, { numRuns: 20 });
  });

  test('a change that changes nothing is no change', async () => {
    await put('statuses', { sale: null });
    await put('sub-ids', {});
    expect((await read()).changes).toEqual([]);
    const { rows } = await sql`select from mapping_change where tracker_config_id = ${configId}`.execute(api.db);
    expect(rows).toEqual([]);
  });
});

// Each quirk of real installations can be switched on, and shows where a client would meet it.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { HostedSettingsInput } from '../../../simulator/options.ts';
import { startPanel } from '../control-panel.ts';
import type { LogQuery } from '../panel.ts';

let fake: Awaited<ReturnType<typeof startPanel>>;
beforeAll(async () => {
  fake = await startPanel();
});
afterAll(() => fake.stop());

const plain: NonNullable<HostedSettingsInput['keitaro']> = {
  build: 'classic',
  v11Columns: 'wide',
  omitsClickDatetime: false,
  subIds: 30,
  clickIds: 'uuid',
  ids: 'int',
  parameters: 'object',
  booleans: 'bool',
  dates: 'text',
  money: 'number',
  total: 'number',
  campaignsHonourLimit: true,
  maxLimit: 100_000,
  deny: {},
};
beforeEach(() => fake.control.change({ keitaro: plain }));
const switchOn = (keitaro: HostedSettingsInput['keitaro']) => fake.control.change({ keitaro });

const day: LogQuery = {
  from: '2026-03-05',
  to: '2026-03-05',
  columns: ['sub_id', 'campaign_id', 'cost', 'is_bot'],
  limit: 3,
};
const clicks = (query: Partial<LogQuery> = {}) => fake.panel.page('clicks', { ...day, ...query });
const statusOf = async (log: 'clicks' | 'conversions', columns: string[]) =>
  (await fake.panel.askLog(log, { ...day, columns })).status;

describe('entities', () => {
  test('archived ones have lists of their own', async () => {
    const [live, archived] = [await fake.panel.list('/campaigns'), await fake.panel.list('/campaigns/deleted')];
    expect(live.length + archived.length).toBe(12);
    expect(archived.length).toBeGreaterThan(0);
    expect(new Set(archived.map(({ state }) => state))).toEqual(new Set(['deleted']));
    expect(live.map(({ state }) => state)).not.toContain('deleted');
    expect((await fake.panel.list('/streams/deleted')).length).toBeGreaterThan(0);
  });

  test('new builds page campaigns, old ones answer the whole list', async () => {
    const all = await fake.panel.list('/campaigns');
    expect(await fake.panel.list('/campaigns?limit=2&offset=3')).toEqual(all.slice(3, 5));
    await switchOn({ campaignsHonourLimit: false });
    expect(await fake.panel.list('/campaigns?limit=2&offset=3')).toEqual(all);
  });

  test('parameters come as an object, as text, and as text in text', async () => {
    const [object] = await fake.panel.list('/campaigns');
    const expected: unknown = object!.parameters;
    expect(expected).toMatchObject({ sub_id_1: { placeholder: '{{fbclid}}' } });
    await switchOn({ parameters: 'text' });
    const [text] = await fake.panel.list('/campaigns');
    expect(JSON.parse(String(text!.parameters))).toEqual(expected);
    await switchOn({ parameters: 'textInText' });
    const [nested] = await fake.panel.list('/campaigns');
    expect(JSON.parse(JSON.parse(String(nested!.parameters)) as string)).toEqual(expected);
  });

  test('ids, flags, money and dates in their other clothes', async () => {
    const organic = async () => (await fake.panel.get('/campaigns/10')).json();
    expect(await organic()).toMatchObject({ id: 10, traffic_source_id: 0, cost_auto: expect.any(Boolean) });
    await switchOn({ ids: 'text', booleans: 'int', money: 'text', dates: 'object' });
    expect(await organic()).toMatchObject({
      id: '10',
      traffic_source_id: '',
      cost_auto: expect.any(Number),
      cost_value: expect.stringMatching(/^\d+(\.\d+)?$/),
      created_at: { date: expect.stringMatching(/\.000000$/), timezone_type: 3, timezone: 'UTC' },
    });
  });

  test('secrets are there for a client to drop', async () => {
    const [campaign] = await fake.panel.list('/campaigns');
    const [source] = await fake.panel.list('/traffic_sources');
    expect(campaign!.token).toMatch(/^[0-9a-f]{32}$/);
    expect(source!.postback_url).toMatch(/key=[0-9a-f]{24}/);
  });

  test('countries of offers come as a list, as comma text, and empty', async () => {
    const offers = await fake.panel.list('/offers');
    const kinds = new Set(
      offers.map(({ country }) => (Array.isArray(country) ? 'list' : country === '' ? 'empty' : 'text')),
    );
    expect(kinds).toEqual(new Set(['list', 'text', 'empty']));
  });
});

describe('logs', () => {
  test('total as a number, as text, missing, and lying', async () => {
    const { total } = await clicks();
    expect(total).toBeGreaterThan(100);
    await switchOn({ total: 'text' });
    expect((await clicks()).total).toBe(String(total));
    await switchOn({ total: 'missing' });
    expect(await clicks()).not.toHaveProperty('total');
    await switchOn({ total: 'tooSmall' });
    expect((await clicks()).total).toBeLessThan(Number(total));
    await switchOn({ total: 'tooLarge' });
    expect((await clicks()).total).toBeGreaterThan(Number(total));
  });

  test('ids, flags and money of rows in their other clothes', async () => {
    expect((await clicks()).rows[0]).toMatchObject({
      campaign_id: expect.any(Number),
      cost: expect.any(Number),
      is_bot: expect.any(Boolean),
    });
    await switchOn({ ids: 'text', booleans: 'int', money: 'text' });
    expect((await clicks()).rows[0]).toMatchObject({
      campaign_id: expect.stringMatching(/^\d+$/),
      cost: expect.stringMatching(/^\d+(\.\d{1,5})?$/),
      is_bot: expect.any(Number),
    });
  });

  test('click ids are UUIDs, integers, or integers that no float holds', async () => {
    const first = async () => (await fake.panel.askLog('clicks', { ...day, columns: ['click_id'], limit: 1 })).text();
    expect(await first()).toMatch(/"click_id":"[0-9a-f-]{36}"/);
    await switchOn({ clickIds: 'int' });
    expect(await first()).toMatch(/"click_id":\d{1,7}\}/);
    await switchOn({ clickIds: 'large' });
    const id = /"click_id":(\d+)/.exec(await first())![1]!;
    expect(BigInt(id)).toBeGreaterThan(BigInt(Number.MAX_SAFE_INTEGER));
    expect(String(Number(id))).not.toBe(id);
  });

  test('each generation refuses the names of the other', async () => {
    expect(await statusOf('clicks', ['click_id', 'sub_id_30'])).toBe(200);
    expect(await statusOf('clicks', ['event_id'])).toBe(400);
    expect(await statusOf('conversions', ['conversion_id', 'postback_datetime', 'click_datetime'])).toBe(200);
    await switchOn({ build: 'v11', omitsClickDatetime: true });
    expect(await statusOf('clicks', ['event_id', 'event_type', 'sub_id', 'offer_id'])).toBe(200);
    expect(await statusOf('clicks', ['click_id'])).toBe(400);
    expect(await statusOf('conversions', ['event_id', 'datetime', 'status', 'revenue'])).toBe(200);
    for (const gone of ['conversion_id', 'postback_datetime', 'click_datetime', 'payout']) {
      const answer = await fake.panel.askLog('conversions', { ...day, columns: ['status', gone] });
      expect([answer.status, await answer.json()]).toEqual([400, { error: `Unknown column '${gone}'` }]);
    }
    await switchOn({ v11Columns: 'confirmed', omitsClickDatetime: false });
    expect(await statusOf('clicks', ['event_id', 'sub_id_1', 'campaign'])).toBe(200);
    expect(await statusOf('clicks', ['offer_id'])).toBe(400);
    expect(await statusOf('conversions', ['event_id', 'sub_id_3', 'status', 'click_datetime'])).toBe(200);
    expect(await statusOf('conversions', ['sub_id'])).toBe(400);
  });

  test('MySQL builds have fifteen sub ids', async () => {
    await switchOn({ subIds: 15 });
    expect(await statusOf('clicks', ['sub_id_15'])).toBe(200);
    expect(await statusOf('clicks', ['sub_id_16'])).toBe(400);
  });

  test('a page is no longer than the panel allows', async () => {
    await switchOn({ maxLimit: 20 });
    expect((await clicks({ limit: 500 })).rows.length).toBe(20);
    expect((await clicks({ limit: undefined })).rows.length).toBe(20);
  });

  test('values are as odd as real ones: macros, empty texts, other scripts, IPv6', async () => {
    const columns = [
      'sub_id_1',
      'sub_id_4',
      'sub_id_8',
      'sub_id_9',
      'city',
      'ip',
      'offer_id',
      'landing_clicked_datetime',
    ];
    const { rows } = await clicks({ from: '2026-03-01', to: '2026-03-09', columns, limit: 10_000 });
    const has = (test: (row: (typeof rows)[number]) => boolean) => expect(rows.some(test)).toBe(true);
    has((row) => row.sub_id_4 === '{{ad.id}}');
    has((row) => row.sub_id_1 === '{{fbclid}}');
    has((row) => row.sub_id_9 === '');
    has((row) => /[^ -~]/.test(String(row.sub_id_8)));
    has((row) => row.city === '東京');
    has((row) => String(row.ip).includes(':'));
    has((row) => row.offer_id === 0);
    has((row) => row.landing_clicked_datetime === null);
  });

  test('what makes no sense is refused in the panel’s two shapes', async () => {
    const refusals: [object, number][] = [
      [{ columns: ['sub_id'] }, 406],
      [{ range: { from: 'soon', to: 'later' }, columns: ['sub_id'] }, 406],
      [{ range: { from: '2026-03-05', to: '2026-03-05', timezone: 'Mars/Base' }, columns: ['sub_id'] }, 406],
      [{ range: { from: '2026-03-05', to: '2026-03-05' }, columns: [] }, 406],
      [{ range: { from: '2026-03-05', to: '2026-03-05' }, columns: ['sub_id'], limit: -1 }, 406],
      [{ range: { from: '2026-03-05', to: '2026-03-05' }, columns: ['sub_id'], sort: [{ name: 'mood' }] }, 400],
    ];
    for (const [body, status] of refusals) expect((await fake.panel.post('/clicks/log', body)).status).toBe(status);
    const broken = await fetch(`${fake.access.url}/admin_api/v1/clicks/log`, {
      method: 'POST',
      headers: { 'api-key': fake.access.apiKey },
      body: '{"range":',
    });
    expect([broken.status, await broken.json()]).toEqual([400, { error: 'Malformed JSON' }]);
  });
});

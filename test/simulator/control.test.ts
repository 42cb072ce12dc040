// The control surface: several ledgers side by side, their clocks, their truth, and the log of requests.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ledgerControl, openLedger } from '../../simulator/client.ts';
import { faces } from '../../simulator/faces/index.ts';
import { type Simulator, startSimulator } from '../../simulator/server.ts';
import { small } from './control-panel.ts';
import { collect, panelOf, sumMicros } from './panel.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.stop());

describe('ledgers', () => {
  test('live side by side under their own names and keys, until they are closed', async () => {
    const north = await openLedger(simulator.address, { ...small, name: 'north', seed: 1 });
    const south = await openLedger(simulator.address, { ...small, name: 'south', seed: 2, apiKey: 'southern-key' });
    expect(north.url).toBe(`${simulator.address}/north/keitaro`);
    expect(south.apiKey).toBe('southern-key');
    expect(north.apiKey).not.toBe(south.apiKey);
    const query = { from: '2026-03-05', to: '2026-03-05', columns: ['sub_id'], limit: 1 };
    const [a, b] = [await panelOf(north).page('clicks', query), await panelOf(south).page('clicks', query)];
    expect(a.rows).not.toEqual(b.rows);
    expect((await panelOf({ ...north, apiKey: south.apiKey }).get('/offers')).status).toBe(401);
    expect(await ledgerControl(simulator.address, 'north').close()).toEqual({ closed: true });
    expect((await panelOf(north).get('/offers')).status).toBe(404);
    expect((await panelOf(south).get('/offers')).status).toBe(200);
  });

  test('a ledger has as many addresses as are wanted', async () => {
    const access = await openLedger(simulator.address, { ...small, name: 'many' });
    const another = { ...access, url: access.url.replace('/many/', '/many~7/') };
    const offers = await panelOf(access).get('/offers');
    expect(offers.status).toBe(200);
    expect(await panelOf(another).get('/offers')).toEqual(offers);
  });

  test('wrong options, a name in use and an unknown ledger are refused in words', async () => {
    await openLedger(simulator.address, { ...small, name: 'twice' });
    await expect(openLedger(simulator.address, { ...small, name: 'twice' })).rejects.toThrow(/400.*open already/);
    await expect(openLedger(simulator.address, { clicks: -1 })).rejects.toThrow(/400.*clicks/s);
    await expect(ledgerControl(simulator.address, 'nobody').truth()).rejects.toThrow(/404.*nobody/);
    await expect(ledgerControl(simulator.address, 'twice').truth({ from: 'soon' })).rejects.toThrow(/400/);
  });

  test('a setting that no panel has changes nothing', async () => {
    const access = await openLedger(simulator.address, { ...small, name: 'settled', keitaro: { total: 'text' } });
    const control = ledgerControl(simulator.address, 'settled');
    const wrong = { apiKey: 'another-key', keitaro: { build: 'v99' as 'v11' } };
    await expect(control.change(wrong)).rejects.toThrow(/400/);
    await control.change({ keitaro: { ids: 'text' } });
    const page = await panelOf(access).page('clicks', {
      from: '2026-03-05',
      to: '2026-03-05',
      columns: ['campaign_id'],
    });
    expect(page.total).toEqual(expect.any(String));
    expect(page.rows[0]!.campaign_id).toEqual(expect.any(String));
  });
});

describe('clock', () => {
  test('is frozen, advanced, moved and set free', async () => {
    await openLedger(simulator.address, { ...small, name: 'clock' });
    const control = ledgerControl(simulator.address, 'clock');
    expect(await control.clock()).toEqual({ now: '2026-03-10T12:00:00.000Z', isFrozen: true });
    const before = await control.truth();
    await control.setClock({ advanceMs: 86_400_000 });
    const after = await control.truth();
    expect(after.clicks - before.clicks).toBe(500);
    expect(await control.setClock({ freezeAt: '2026-03-01T00:00:00Z' })).toMatchObject({
      now: '2026-03-01T00:00:00.000Z',
    });
    expect((await control.truth()).clicks).toBeLessThan(before.clicks);
    const moved = await control.setClock({ offsetMs: -86_400_000 });
    expect(moved.isFrozen).toBe(false);
    const real = await control.setClock({ runFromReal: true });
    const ahead = Date.parse(real.now) - Date.parse(moved.now);
    expect(ahead).toBeGreaterThanOrEqual(86_400_000);
    expect(real.isFrozen).toBe(false);
  });
});

test('a clock or a change too far in the future is refused', async () => {
  await openLedger(simulator.address, { ...small, name: 'future' });
  const control = ledgerControl(simulator.address, 'future');
  await expect(control.overlay({ kind: 'addClicks', at: '2099-01-01T00:00:00Z' })).rejects.toThrow(/400.*future/);
  await expect(control.truth({ asOf: '2099-01-01T00:00:00Z' })).rejects.toThrow(/400.*future/);
});

describe('faces', () => {
  test('tell how a program connects to each of them, and it works', async () => {
    const access = await openLedger(simulator.address, { ...small, name: 'faced' });
    const told = await ledgerControl(simulator.address, 'faced').faces();
    expect(told.map(({ face }) => face)).toEqual(faces.map(({ name }) => name));
    const first = told[0]!;
    expect(first).toMatchObject({ type: first.face, url: access.url, settings: {} });
    expect(Object.values(first.credentials)).toEqual([access.apiKey]);
    expect((await panelOf({ ...access, url: first.url }).get('/offers')).status).toBe(200);
  });

  test('one that is a way of using another product names it, and the settings that it takes', async () => {
    await openLedger(simulator.address, { ...small, name: 'way' });
    const told = await ledgerControl(simulator.address, 'way').faces();
    expect(told.find(({ face }) => face === 'altercpa')).toMatchObject({
      type: 'tg_tracker',
      settings: { paths: { conversions: '/api/leads/list' } },
    });
  });

  test('have their words in the truth, which stays the same in every sum', async () => {
    await openLedger(simulator.address, { ...small, name: 'words' });
    const control = ledgerControl(simulator.address, 'words');
    const own = await control.truth();
    const told = await control.truth({ face: 'redtrack' });
    expect(Object.keys(told.conversions)).toEqual(expect.arrayContaining(['approved', 'declined', 'pending']));
    expect(Object.keys(own.conversions)).toContain('sale');
    expect(Object.keys(told.conversions)).not.toContain('sale');
    const sumOf = (truth: typeof own) => sumMicros(Object.values(truth.conversions).map(({ revenue }) => revenue));
    const countOf = (truth: typeof own) => Object.values(truth.conversions).reduce((sum, { count }) => sum + count, 0);
    expect([countOf(told), sumOf(told), told.clicks]).toEqual([countOf(own), sumOf(own), own.clicks]);
    await control.change({ redtrack: { statuses: 'title' } });
    expect(Object.keys((await control.truth({ face: 'redtrack' })).conversions)).toContain('Declined');
    await expect(control.truth({ face: 'nobody' })).rejects.toThrow(/404.*nobody/);
  });

  test('of a ledger without limits refuse no call for coming too soon', async () => {
    const ask = async (name: string, limits: boolean) => {
      const { apiKey } = await openLedger(simulator.address, { ...small, name, limits });
      const url = `${simulator.address}/${name}/redtrack/tracks?date_from=2026-03-01&date_to=2026-03-01&api_key=${apiKey}`;
      const statuses = [];
      for (let call = 0; call < 12; call++) statuses.push((await fetch(url)).status);
      return new Set(statuses);
    };
    expect(await ask('limited', true)).toEqual(new Set([200, 429]));
    expect(await ask('lifted', false)).toEqual(new Set([200]));
  });
});

describe('truth', () => {
  test('parts by campaign and by day add up to the whole', async () => {
    await openLedger(simulator.address, { ...small, name: 'parts' });
    const truth = await ledgerControl(simulator.address, 'parts').truth();
    for (const parts of [Object.values(truth.perCampaign), Object.values(truth.perDay)]) {
      expect(parts.length).toBeGreaterThan(5);
      expect(parts.reduce((sum, { clicks }) => sum + clicks, 0)).toBe(truth.clicks);
      expect(sumMicros(parts.map(({ cost }) => cost))).toBe(sumMicros([truth.cost]));
      expect(sumMicros(parts.map(({ revenue }) => revenue))).toBe(sumMicros([truth.revenue]));
      const leads = parts.map(({ conversions }) => conversions.lead?.count ?? 0);
      expect(leads.reduce((sum, count) => sum + count, 0)).toBe(truth.conversions.lead!.count);
    }
  });

  test('row lists are the sums in full', async () => {
    await openLedger(simulator.address, { ...small, name: 'lists' });
    const control = ledgerControl(simulator.address, 'lists');
    const range = { from: '2026-03-02T00:00:00Z', to: '2026-03-08T00:00:00Z' };
    for (const by of ['postback', 'click'] as const) {
      const truth = await control.truth({ ...range, by });
      const conversions = await collect(control.truthConversions({ ...range, by }));
      const counted = Object.values(truth.conversions).reduce((sum, { count }) => sum + count, 0);
      expect(conversions.length).toBe(counted);
      expect(sumMicros(conversions.map(({ revenue }) => revenue))).toBe(
        sumMicros(Object.values(truth.conversions).map(({ revenue }) => revenue)),
      );
      const times = conversions.map(({ at, clickAt }) => (by === 'click' ? clickAt : at));
      expect(times.every((at) => at >= '2026-03-02' && at < '2026-03-08')).toBe(true);
    }
    const clicks = await collect(control.truthClicks(range));
    expect(clicks.length).toBe((await control.truth(range)).clicks);
  });
});

test('the request log tells window, page, rows and status, in order', async () => {
  const access = await openLedger(simulator.address, { ...small, name: 'served' });
  const control = ledgerControl(simulator.address, 'served');
  const panel = panelOf(access);
  await panel.list('/offers?secret=of-mine');
  await panel.page('clicks', { from: '2026-03-05', to: '2026-03-06', columns: ['sub_id'], limit: 30, offset: 60 });
  await panel.askLog('conversions', {
    from: '2026-03-05',
    to: '2026-03-06',
    columns: ['payout'],
    timezone: 'Asia/Tokyo',
  });
  const requests = await control.requests();
  expect(requests).toMatchObject([
    {
      number: 1,
      method: 'GET',
      path: '/keitaro/admin_api/v1/offers',
      rows: 24,
      status: 200,
      credential: 'right',
      window: null,
    },
    {
      number: 2,
      method: 'POST',
      path: '/keitaro/admin_api/v1/clicks/log',
      window: { from: '2026-03-05', to: '2026-03-06', timezone: 'UTC' },
      offset: 60,
      limit: 30,
      rows: 30,
      status: 200,
    },
    { number: 3, window: { timezone: 'Asia/Tokyo' }, rows: null, status: 400 },
  ]);
  expect(JSON.stringify(requests)).not.toContain('of-mine');
  expect(JSON.stringify(requests)).not.toContain(access.apiKey);
  await control.clearRequests();
  expect(await control.requests()).toEqual([]);
});

test('ads are billed for the clicks that carry their id, and what a platform did not replace is nobody’s', async () => {
  await openLedger(simulator.address, { ...small, name: 'ads' });
  const control = ledgerControl(simulator.address, 'ads');
  const bills = await collect(control.truthAds());
  const known = new Set(bills.map(({ adId }) => adId));
  const carried = (await collect(control.truthClicks())).filter(({ subIds }) =>
    Object.values(subIds).some((value) => known.has(value)),
  );
  expect(bills.length).toBeGreaterThan(50);
  expect(bills.reduce((sum, { clicks }) => sum + clicks, 0)).toBe(carried.length);
  expect(sumMicros(bills.map(({ cost }) => cost))).toBe(sumMicros(carried.map(({ cost }) => cost)));
  expect(
    bills.filter(({ adId, adCampaignId }) => !/^12023\d+$/.test(adId) || !/^12021\d+$/.test(adCampaignId)),
  ).toEqual([]);
});

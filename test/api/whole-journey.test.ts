// From the first sign-in to the ad that made the money, through HTTP alone: at each step the sums are the ledger's.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { add, subtract } from '../../src/core/decimal.ts';
import { MINUTE_MS } from '../../src/core/windows.ts';
import { sumMicros } from '../simulator/panel.ts';
import { STILL } from '../sync/ground.ts';
import { type Account, openAccount } from './account.ts';
import { type Browser, makePerson, openBrowser } from './browser.ts';

let account: Account;
let owner: Browser;
let buyer: Browser;
let keitaro: string;
let binom: string;
/** The ad whose conversions came to the most ends, and what was spent on it on a day. */
let ad: string;
let day: string;
const SPEND = '123.45';
let isUploaded = false;
const WORD = 'trial_won';

beforeAll(async () => {
  account = await openAccount('keitaro', STILL);
  await makePerson(account.api.db, 'olga@example.com', { roles: { [account.api.ours.organizationId]: 'owner' } });
  owner = openBrowser(account.api);
  buyer = openBrowser(account.api);
});
afterAll(() => account.end());

/** Of both trackers; once spend is uploaded it stands in the place of what its clicks cost. */
async function expectEqualSums(): Promise<void> {
  for (const [id, face] of [
    [keitaro, 'keitaro'],
    [binom, 'binom_v2'],
  ] as const) {
    const truth = await account.ledgerSums(id, face);
    const isSpent = isUploaded && face === 'keitaro';
    const cost = isSpent
      ? truth.cost - sumMicros([(await ledgerByAd()).get(ad)!.ownCost]) + sumMicros([SPEND])
      : truth.cost;
    expect(await account.hubSums(id), face).toEqual({ ...truth, cost });
  }
}

test('the owner signs in and invites a media buyer, who may look and not change', async () => {
  expect((await owner.signIn('olga@example.com')).status).toBe(200);
  const body = { email: 'max@example.com', role: 'mediabuyer' };
  const { json: invitation } = await owner.ask('POST', '/api/v1/invitations', { body });
  const token = new URL(invitation.link).hash.slice(1);
  const accepted = { token, name: 'Max', password: 'a password of Max’s own' };
  expect((await buyer.ask('POST', '/api/v1/invitations/accept', { body: accepted })).status).toBe(200);
  expect((await buyer.ask('GET', '/api/v1/me')).json).toMatchObject({ role: 'mediabuyer' });
  expect((await buyer.ask('POST', '/api/v1/trackers', { body: {} })).json.code).toBe('forbidden');
});

test('two trackers are connected and filled', async () => {
  const faces = await account.ledger.faces();
  const connect = async (name: string) => {
    const { type, url, credentials, settings } = faces.find(({ face }) => face === name)!;
    const asked = { ...settings, callsPerMinute: 0, backfillDays: 5, syncIntervalMinutes: 15 };
    const body = { name, type, url, credentials, settings: asked };
    const { status, json } = await owner.ask('POST', '/api/v1/trackers', { body });
    expect([status, json.state], JSON.stringify(json)).toEqual([201, 'pending']);
    await account.pass(json.id, 0);
    return json.id as string;
  };
  keitaro = await connect('keitaro');
  binom = await connect('binom_v2');
  await expectEqualSums();
});

test('an unknown word lies in the inbox, and counts as soon as it is said what it means', async () => {
  const at = new Date(account.now() + MINUTE_MS).toISOString();
  await account.ledger.overlay({ kind: 'addConversions', conversions: [{ status: WORD, revenue: '77.70', at }] });
  await account.pass(keitaro, 16 * MINUTE_MS);
  await account.pass(binom, 0);
  const path = `/api/v1/trackers/${keitaro}/mappings`;
  type Word = { rawStatus: string; isMapped: boolean };
  const words: Word[] = (await buyer.ask('GET', path)).json.statuses;
  const inbox = words.slice(
    0,
    words.findIndex(({ isMapped }) => isMapped),
  );
  expect(inbox.find(({ rawStatus }) => rawStatus === WORD)).toMatchObject({
    rawStatus: WORD,
    isMapped: false,
    status: 'pending',
    conversions: 1,
    revenue: '77.7',
  });
  const body = { statuses: { [WORD]: 'rejected' } };
  const { before, after } = (await owner.ask('POST', `${path}/preview`, { body })).json;
  expect(subtract(before.statuses[0].revenue, after.statuses[0].revenue)).toBe('77.7');
  expect((await buyer.ask('PUT', `${path}/statuses`, { body: body.statuses })).status).toBe(403);
  await expectEqualSums();
  expect((await owner.ask('PUT', `${path}/statuses`, { body: { [WORD]: 'rejected' } })).status).toBe(200);
  await expectEqualSums();
  expect((await owner.ask('POST', `${path}/undo`, { body: {} })).status).toBe(200);
  await owner.ask('PUT', `${path}/statuses`, { body: { [WORD]: 'approved' } });
  await expectEqualSums();
});

/** By ad, out of the ledger's own rows: a status counts as it is mapped. */
async function ledgerByAd() {
  const to = new Date(account.now() - 2 * MINUTE_MS).toISOString();
  const clicks = new Map<string, { ad: string; at: string; cost: string }>();
  for await (const { subId, subIds, at, cost } of account.ledger.truthClicks({ to })) {
    const carried = subIds['4'] ?? '';
    clicks.set(subId, { ad: /^[\w-]+$/.test(carried) && !carried.startsWith('__') ? carried : '', at, cost });
  }
  const sums = new Map<
    string,
    {
      clicks: number;
      cost: string;
      revenue: string;
      conversions: number;
      onDay: number;
      ownCost: string;
      words: Set<string>;
    }
  >();
  const of = (name: string) => {
    const known = sums.get(name) ?? {
      ...{ clicks: 0, cost: '0', revenue: '0', conversions: 0 },
      onDay: 0,
      ownCost: '0',
      words: new Set<string>(),
    };
    sums.set(name, known);
    return known;
  };
  for (const click of clicks.values()) {
    const sum = of(click.ad);
    sum.clicks++;
    const isPaidBySpend = click.ad === ad && click.at.slice(0, 10) === day;
    if (isPaidBySpend) {
      sum.onDay++;
      sum.ownCost = add(sum.ownCost, click.cost);
    } else sum.cost = add(sum.cost, click.cost);
  }
  for await (const { subId, status, revenue } of account.ledger.truthConversions({ to })) {
    const click = clicks.get(subId);
    if (click === undefined) continue;
    const sum = of(click.ad);
    sum.words.add(status);
    if (status === 'rejected') continue;
    sum.conversions++;
    sum.revenue = add(sum.revenue, revenue);
  }
  return sums;
}

test('ads with their spend are uploaded, and the report by ad tells profit and ROI', async () => {
  const path = `/api/v1/trackers/${keitaro}/mappings`;
  const { subIds } = (await owner.ask('GET', path)).json;
  expect(subIds).toMatchObject({ clickId: 'sub_1', adCampaign: 'sub_2', adSet: 'sub_3', ad: 'sub_4', isGuess: true });
  const { isGuess: _, because: __, ...places } = subIds;
  expect((await owner.ask('PUT', `${path}/sub-ids`, { body: places })).json.subIds.isGuess).toBe(false);
  await expectEqualSums();

  day = new Date(account.start - 86_400_000).toISOString().slice(0, 10);
  const byAd = await ledgerByAd();
  [ad] = [...byAd]
    .filter(([name, { conversions }]) => name !== '' && conversions > 0)
    .sort(([, a], [, b]) => b.words.size - a.words.size || b.clicks - a.clicks)[0]!;
  const csv = `adCampaignId,adCampaignName,adId,adName,day,spend\n1001,Spring,${ad},Video,${day},${SPEND}\n1001,,,,${day},oops\n`;
  const upload = await owner.ask('PUT', '/api/v1/ads?platform=facebook&currency=USD', {
    body: csv,
    headers: { 'content-type': 'text/csv' },
  });
  expect(upload.json).toMatchObject({ accepted: 1, rejected: [{ line: 3 }] });
  isUploaded = true;
  await expectEqualSums();

  const from = new Date(account.start - 5 * 86_400_000).toISOString();
  const to = new Date(account.now() - 2 * MINUTE_MS).toISOString();
  const query = new URLSearchParams({ from, to, groupBy: 'ad', configId: keitaro, top: '1000' });
  const { json, status } = await buyer.ask('GET', `/api/v1/reports?${query}`);
  expect(status, JSON.stringify(json)).toBe(200);
  const theirs = await ledgerByAd();
  expect(theirs.get(ad)!.onDay).toBeGreaterThan(0);
  const rows = new Map(
    json.rows.map((row: { keys: { ad: null | string | { externalId: string } } }) => {
      const key = row.keys.ad;
      return [key === null ? '' : typeof key === 'string' ? key : key.externalId, row];
    }),
    // biome-ignore lint/suspicious/noExplicitAny: rows of every shape
  ) as Map<string, any>;
  for (const [name, sum] of theirs) {
    const cost = name === ad ? add(sum.cost, SPEND) : sum.cost;
    const row = rows.get(name);
    expect(row, name).toMatchObject({ clicks: sum.clicks, conversions: sum.conversions, revenue: sum.revenue, cost });
    expect(row.profit, name).toBe(subtract(sum.revenue, cost));
    const roi = Number(cost) === 0 ? null : (100 * Number(subtract(sum.revenue, cost))) / Number(cost);
    if (roi === null) expect(row.roi).toBeNull();
    else expect(row.roi).toBeCloseTo(roi, 3);
  }
  expect(rows.get(ad).keys.ad).toMatchObject({ externalId: ad, name: 'Video' });
  const total = [...theirs.values()].reduce((sum, one) => add(sum, one.cost), SPEND);
  expect(json.totals[0].cost).toBe(total);
});

/** What the ledger knows of the ad's ways: of each stop on them, and of each status at their end. */
async function ledgerWays(statusOf: (word: string) => string) {
  const to = new Date(account.now() - 2 * MINUTE_MS).toISOString();
  const stopsOf = new Map<string, string[]>();
  const stops = new Map<string, { clicks: number; conversions: number; revenue: string }>();
  const at = (stop: string) => {
    const known = stops.get(stop) ?? { clicks: 0, conversions: 0, revenue: '0' };
    stops.set(stop, known);
    return known;
  };
  for await (const click of account.ledger.truthClicks({ to })) {
    if (click.subIds['4'] !== ad) continue;
    const { campaignId, flowId, landingId, offerId } = click;
    const ids = { ad, campaign: campaignId, flow: flowId, landingPage: landingId, offer: offerId };
    const passed = Object.entries(ids).flatMap(([level, id]) => (id === null ? [] : [`${level}:${id}`]));
    stopsOf.set(click.subId, passed);
    for (const stop of passed) at(stop).clicks++;
  }
  for await (const { subId, status: word, revenue } of account.ledger.truthConversions({ to })) {
    const passed = stopsOf.get(subId);
    if (passed === undefined) continue;
    const status = statusOf(word);
    at(`conversion:${status}`).conversions++;
    const counts = status !== 'rejected';
    if (!counts) continue;
    for (const stop of [...passed, `conversion:${status}`]) {
      if (!stop.startsWith('conversion:')) at(stop).conversions++;
      at(stop).revenue = add(at(stop).revenue, revenue);
    }
  }
  return stops;
}

// biome-ignore lint/suspicious/noExplicitAny: answers of every shape
type Told = any;

test('the way from the ad is followed to one conversion and its status, each step as the ledger knows it', async () => {
  const { statuses } = (await buyer.ask('GET', `/api/v1/trackers/${keitaro}/mappings`)).json;
  const meanings = new Map<string, string>(
    statuses.map(({ rawStatus, status }: Told) => [rawStatus.toLowerCase(), status]),
  );
  const statusOf = (word: string): string => meanings.get(word.toLowerCase()) ?? 'pending';
  const from = new Date(account.start - 5 * 86_400_000).toISOString();
  const to = new Date(account.now() - 2 * MINUTE_MS).toISOString();
  const range = new URLSearchParams({ from, to, configId: keitaro, 'filter.ad': ad, top: '10000' });
  const { nodes, links } = (await buyer.ask('GET', `/api/v1/reports/paths?${range}`)).json;
  const told = new Map<string, Told>(
    nodes.map((node: Told) => {
      const { clicks, conversions, revenue } = node;
      const name = node.level === 'conversion' ? node.key : node.externalId;
      return [`${node.level}:${name}`, { clicks, conversions, revenue }];
    }),
  );
  expect(Object.fromEntries(told)).toEqual(Object.fromEntries(await ledgerWays(statusOf)));
  const byAd = (await ledgerByAd()).get(ad)!;
  expect(nodes.find(({ level }: Told) => level === 'ad').cost).toBe(add(byAd.cost, SPEND));

  // One conversion of the busiest status that is paid.
  const found = `configId=${keitaro}&subId4=${ad}&status=approved&to=${new Date(account.start).toISOString()}&limit=1`;
  const [conversion] = (await buyer.ask('GET', `/api/v1/conversions?${found}`)).json.items;
  let truth: { subId: string; status: string; revenue: string } | undefined;
  for await (const one of account.ledger.truthConversions({ to }))
    if (one.subId === conversion.clickExternalId && (one.tid || null) === conversion.transactionId) truth = one;
  expect({ status: conversion.status, revenue: conversion.revenue }).toEqual({
    status: statusOf(truth!.status),
    revenue: add(truth!.revenue, '0'),
  });
  let clicked: { cost: string; at: string; campaignId: number; offerId: number | null } | undefined;
  for await (const one of account.ledger.truthClicks({ to })) if (one.subId === truth!.subId) clicked = one;

  const { json: story } = await buyer.ask('GET', `/api/v1/conversions/${conversion.id}/story`);
  expect(story.ads).toContainEqual({ level: 'ad', externalId: ad, platform: 'facebook', name: 'Video' });
  const [first, click] = story.moments;
  expect(first.kind).toBe('ad');
  expect(click).toMatchObject({
    kind: 'click',
    at: new Date(clicked!.at).toISOString(),
    amount: add(clicked!.cost, '0'),
  });
  expect(click.entity.externalId).toBe(String(clicked!.campaignId));
  const own = story.moments.filter(({ conversionId }: Told) => conversionId === conversion.id);
  expect(own[0]).toMatchObject({ kind: 'conversion', amount: conversion.revenue });
  expect(own.at(-1)).toMatchObject({ kind: 'status', rawStatus: conversion.rawStatus, status: 'approved' });

  // The way of this very conversion is drawn: every step from its ad to its status.
  const nodeOf = (level: string, externalId: string): string =>
    nodes.find((node: Told) => node.level === level && (node.externalId ?? node.key) === externalId).node;
  const steps = [
    nodeOf('ad', ad),
    nodeOf('campaign', click.entity.externalId),
    ...(['flow', 'landingPage', 'offer'] as const).flatMap((level) => {
      const moment = story.moments.find(({ kind }: Told) => kind === level);
      return moment === undefined ? [] : [nodeOf(level, moment.entity.externalId)];
    }),
    nodeOf('conversion', 'approved'),
  ];
  expect(steps.length).toBeGreaterThan(3);
  for (const [i, target] of steps.entries()) {
    if (i === 0) continue;
    const link = links.find((one: Told) => one.source === steps[i - 1] && one.target === target);
    expect(link?.conversions, `${steps[i - 1]} → ${target}`).toBeGreaterThan(0);
  }
  await expectEqualSums();
});

test('the owner sees who did what, the buyer does not', async () => {
  const { json } = await owner.ask('GET', '/api/v1/audit-log?limit=1000');
  const deeds = json.items.map(({ action, actorName }: Record<string, string>) => `${action} by ${actorName}`);
  for (const action of ['tracker.map_statuses', 'tracker.undo_mapping', 'tracker.map_sub_ids', 'ads.upload'])
    expect(
      deeds.some((deed: string) => deed.startsWith(`${action} by `) && /olga/.test(deed)),
      action,
    ).toBe(true);
  expect((await buyer.ask('GET', '/api/v1/audit-log')).status).toBe(403);
});

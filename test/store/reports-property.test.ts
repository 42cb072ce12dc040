// Whatever is written, changed, mapped, dropped and cleaned, and in whichever order: every report equals plain SQL over the logs.
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AdLevel } from '../../src/core/ads.ts';
import type { ClickRecord, ConversionRecord, Route, SubIds } from '../../src/core/resources.ts';
import { putAds, putSpend } from '../../src/store/ads.ts';
import { createDb, type Db } from '../../src/store/db.ts';
import { isOfSomeRow, loadPage, type Way } from '../../src/store/loader.ts';
import { createLoaderConnections, type LoaderConnections } from '../../src/store/loader-connection.ts';
import { beginPage } from '../../src/store/page-format.ts';
import { readReport } from '../../src/store/reports.ts';
import type { ReportAsk, ReportRow } from '../../src/store/reports-ask.ts';
import { REPORT_COLUMNS, SUMS } from '../../src/store/reports-columns.ts';
import type { ReportDimension } from '../../src/store/reports-dimensions.ts';
import { dropOldClicks } from '../../src/store/retention.ts';
import { cleanRollups } from '../../src/store/rollups.ts';
import { ONE_SNAPSHOT, withOrganization } from '../../src/store/tenancy.ts';
import { seedCampaign, seedConfig } from '../api/seed.ts';
import { freshDatabase } from '../setup/database.ts';
import { type PlainSums, plainReport } from './plain-report.ts';

const RUNS = Number(process.env.PROPERTY_RUNS ?? 40);

let db: Db;
let loaders: LoaderConnections;
let drop: () => Promise<void>;
let organizationId: string;
let configs: string[];
let campaign: string;

beforeAll(async () => {
  const database = await freshDatabase();
  db = createDb(database.url);
  loaders = createLoaderConnections(database.url);
  drop = database.drop;
});
afterAll(async () => {
  await Promise.all([db.destroy(), loaders.close()]);
  await drop();
});

/** An organisation of its own for each run, with a tracker in dollars and one in euros. */
async function begin(): Promise<void> {
  organizationId = randomUUID();
  await sql`insert into auth.organization (id, name, slug, "createdAt") values (${organizationId}, 'o', ${organizationId}, now())`.execute(
    db,
  );
  configs = [
    await seedConfig(db, organizationId),
    await seedConfig(db, organizationId, { type: 'voluum', settings: JSON.stringify({ currency: 'EUR' }) }),
  ];
  campaign = await seedCampaign(db, { configId: configs[0]!, organizationId }, '1');
}

/** Whole milliseconds of five days, with moments on borders of quarters, hours and days among them. */
const START = Date.parse('2026-10-23T00:00:00Z');
const MINUTE = 60_000;
const moment = fc
  .oneof(
    { weight: 3, arbitrary: fc.integer({ min: 0, max: 5 * 1440 - 1 }).map((minute) => minute * MINUTE + 1) },
    fc.integer({ min: 0, max: 5 * 96 - 1 }).map((quarter) => quarter * 15 * MINUTE),
    // Just before and after days begin in Kathmandu, Kolkata, Adelaide.
    fc
      .tuple(fc.integer({ min: 0, max: 4 }), fc.constantFrom(1094, 1095, 1109, 1110, 809, 810))
      .map(([day, minute]) => (day * 1440 + minute) * MINUTE),
  )
  .map((ms) => new Date(START + ms));

const oneOf = <T>(...values: T[]) => fc.constantFrom(...values);
const maybe = <T>(...values: T[]) => fc.constantFrom(...values, null);
const key = fc.integer({ min: 0, max: 15 }).map(String);
const route = {
  campaignExternalId: maybe('1', '2'),
  offerExternalId: maybe('1', '2', ''),
  landingPageExternalId: maybe('1'),
  flowExternalId: maybe('1'),
  trafficSourceExternalId: maybe('1'),
  affiliateNetworkExternalId: maybe('1', '2'),
};
const money = maybe('0', '0.1', '1.23456789', '7');
const currency = maybe('USD', 'EUR');
const subIds = oneOf<SubIds>(
  {},
  { '1': 'a' },
  { '1': 'b', '4': 'x' },
  { '1': '{{ad.id}}', '4': 'y' },
  { '5': 'C' },
  { '1': '' },
);

const clickRecord: fc.Arbitrary<ClickRecord> = fc.record({
  ...{ externalId: key, clickedAt: moment, ...route, cost: money, revenue: money, currency },
  ...{ country: maybe('DE', 'US', ''), region: fc.constant(null), city: fc.constant(null) },
  ...{ deviceType: maybe('mobile'), os: maybe('iOS'), browser: maybe('Safari', 'Chrome'), ip: fc.constant(null) },
  ...{ isBot: maybe(true, false), isUnique: maybe(true), landingClicked: maybe(true), referrer: fc.constant(null) },
  ...{ subIds, isDerived: oneOf(false, false, false, true) },
});
const conversionRecord: fc.Arbitrary<ConversionRecord> = fc.record({
  ...{ externalId: key, clickExternalId: fc.option(key), transactionId: fc.constant(null), convertedAt: moment },
  ...{ clickedAt: fc.option(moment), rawStatus: oneOf('lead', 'Lead', 'SALE', 'rejected', 'odd', 'chargeback', '') },
  ...{ type: fc.constant(null), isReversal: oneOf(false, false, true), revenue: money, payout: money, currency },
  ...{ ...route, country: maybe('DE', 'US', ''), subIds, raw: fc.constant({}) },
});

const dimension: fc.Arbitrary<ReportDimension> = fc.constantFrom(
  ...([
    'config',
    'trackerType',
    'campaign',
    'offer',
    'landingPage',
    'flow',
    'trafficSource',
    'affiliateNetwork',
  ] as const),
  ...([
    'status',
    'rawStatus',
    'country',
    'deviceType',
    'os',
    'browser',
    'hour',
    'day',
    'week',
    'month',
    'subId1',
  ] as const),
  ...(['ad', 'adSet', 'adCampaign'] as const),
);
/** A dimension and its values; `ours` is the id of the seeded campaign or of the second tracker, an empty one asks for rows without any. */
const filter = fc.oneof(
  fc.constantFrom(
    ...([
      'country:DE',
      'status:approved',
      'rawStatus:LEAD',
      'campaign:ours',
      'config:ours',
      'trackerType:voluum',
    ] as const),
    ...(['browser:Safari', 'subId1:a', 'status:pending', 'ad:a', 'adSet:x'] as const),
    ...(['day:2026-10-24', 'week:2026-10-19', 'month:2026-10', 'hour:2026-10-25T02:00+02:00'] as const),
  ),
  fc.constantFrom(
    ...(['country:', 'country:|DE', 'campaign:', 'campaign:ours|', 'offer:', 'landingPage:', 'flow:'] as const),
    ...(['trafficSource:', 'affiliateNetwork:', 'deviceType:', 'os:', 'browser:', 'browser:Chrome|'] as const),
    ...(['subId1:', 'subId4:|x', 'rawStatus:', 'rawStatus:|LEAD'] as const),
    ...(['ad:', 'ad:|a', 'adSet:', 'adSet:y|', 'adCampaign:', 'adCampaign:|C'] as const),
  ),
);
/** What is summed by slots, and the days that are told from them. */
const slotted = fc.tuple(
  oneOf<ReportDimension>('campaign', 'offer', 'country', 'trafficSource'),
  oneOf<ReportDimension>('day', 'week'),
);
const askShape = fc.record({
  groupBy: fc.oneof({ weight: 4, arbitrary: fc.uniqueArray(dimension, { maxLength: 3 }) }, slotted),
  ends: fc.oneof(
    fc.tuple(moment, moment),
    fc
      .tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 4 }))
      .map(([a, b]) => [dayAt(a), dayAt(b + 1)] as const),
  ),
  zone: oneOf('UTC', 'Europe/Berlin', 'Asia/Kolkata', 'Asia/Kathmandu', 'Australia/Adelaide', 'America/New_York'),
  by: oneOf('click' as const, 'conversion' as const),
  filters: fc.uniqueArray(filter, { maxLength: 2 }),
  comparesPrevious: fc.boolean(),
  areLocalDays: fc.boolean(),
});
const dayAt = (day: number): Date => new Date(START + day * 1440 * MINUTE);
type AskShape = typeof askShape extends fc.Arbitrary<infer T> ? T : never;

const page = <T>(record: fc.Arbitrary<T>) => fc.array(record, { minLength: 1, maxLength: 12 });
const config = fc.integer({ min: 0, max: 1 });
const DAYS = [0, 1, 2, 3, 4].map((day) => new Date(START + day * 86_400_000).toISOString().slice(0, 10));
const adDeed = fc.oneof(
  fc.record({
    ...{ do: fc.constant('role' as const), config },
    ...{ role: oneOf('ad', 'ad_set', 'ad_campaign'), subId: oneOf(1, 4, 5) },
  }),
  fc.record({
    do: fc.constant('adCampaign' as const),
    config,
    campaign: oneOf('1', '2b'),
    adCampaign: oneOf('C', 'D'),
  }),
  {
    weight: 6,
    arbitrary: fc.record({
      ...{
        do: fc.constant('spend' as const),
        level: oneOf('ad', 'ad', 'ad_set', 'ad_campaign'),
        id: oneOf('a', 'b', 'x', 'C'),
      },
      ...{ day: fc.constantFrom(...DAYS), zone: oneOf('UTC', 'Asia/Kolkata'), amount: oneOf('10', '7.5', '0.01') },
      ...{ code: oneOf('USD', 'EUR'), adSet: maybe('x', 'y'), adCampaign: maybe('C') },
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      ...{ do: fc.constant('spendBack' as const), level: oneOf('ad', 'ad', 'ad_set', 'ad_campaign') },
      ...{ id: oneOf('a', 'b', 'x', 'C'), days: fc.uniqueArray(fc.constantFrom(...DAYS), { minLength: 2 }) },
    }),
  },
  fc.record({ do: fc.constant('orphan' as const), id: oneOf('a', 'b', 'x') }),
);

const deed = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('clicks' as const),
      config,
      isFresh: fc.boolean(),
      records: page(clickRecord),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('conversions' as const), config, records: page(conversionRecord) }),
  },
  fc.record({
    do: fc.constant('map' as const),
    config,
    word: oneOf('lead', 'sale', 'odd'),
    status: maybe('approved', 'hold', 'rejected'),
  }),
  fc.record({ do: fc.constant('dropOld' as const), before: moment }),
  fc.record({ do: fc.constant('delete' as const), config }),
  { weight: 3, arbitrary: fc.record({ do: fc.constant('clean' as const), isAlone: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('ask' as const), ask: askShape }) },
  { weight: 3, arbitrary: adDeed },
);

/** The first tracker names ads and their sets, the second one ad campaigns. */
const USUAL_ROLES = [
  { do: 'role' as const, config: 0, role: 'ad', subId: 1 },
  { do: 'role' as const, config: 0, role: 'ad_set', subId: 4 },
  { do: 'role' as const, config: 1, role: 'ad_campaign', subId: 5 },
];
type AdDeed = typeof adDeed extends fc.Arbitrary<infer T> ? T : never;

async function carryOutAd(one: AdDeed): Promise<void> {
  const configId = 'config' in one ? configs[one.config]! : '';
  switch (one.do) {
    case 'role':
      // A sub-id has one role: what it carried before it carries no more.
      await sql`delete from sub_id_map where tracker_config_id = ${configId} and sub_id = ${one.subId}`.execute(db);
      await sql`insert into sub_id_map (tracker_config_id, organization_id, role, sub_id)
        values (${configId}, ${organizationId}, ${one.role}, ${one.subId})
        on conflict (tracker_config_id, role) do update set sub_id = excluded.sub_id`.execute(db);
      return;
    case 'adCampaign':
      await sql`insert into ad_campaign_map (tracker_config_id, organization_id, campaign_external_id, ad_campaign_external_id)
        values (${configId}, ${organizationId}, ${one.campaign}, ${one.adCampaign})
        on conflict (tracker_config_id, campaign_external_id) do nothing`.execute(db);
      return;
    case 'spend':
      await sql`insert into ad (organization_id, level, external_id, platform, ad_set_external_id, ad_campaign_external_id)
        values (${organizationId}, ${one.level}, ${one.id}, 'p', ${one.level === 'ad' ? one.adSet : null},
          ${one.level === 'ad_campaign' ? null : one.adCampaign})
        on conflict (organization_id, level, external_id) do nothing`.execute(db);
      await sql`insert into ad_spend (organization_id, level, external_id, day, zone, amount, currency)
        values (${organizationId}, ${one.level}, ${one.id}, ${one.day}, ${one.zone}, ${one.amount}, ${one.code})
        on conflict (organization_id, level, external_id, day) do update set amount = excluded.amount`.execute(db);
      // All days of an ad begin in one zone, the one told last, as whoever uploads them sees to.
      await sql`update ad_spend set zone = ${one.zone} where organization_id = ${organizationId} and level = ${one.level}
        and external_id = ${one.id}`.execute(db);
      return;
    case 'spendBack': {
      const told = { level: one.level as AdLevel, externalId: one.id, zone: '', amount: null, currency: '' };
      const back = one.days.map((day) => ({ ...told, day }));
      await withOrganization(db, organizationId, (tx) => putSpend(tx, organizationId, back));
      return;
    }
    case 'orphan': {
      const level = one.id === 'x' ? 'ad_set' : 'ad';
      const told = { level, externalId: one.id, platform: 'p', name: undefined } as const;
      const orphan = { ...told, adCampaignExternalId: null, adSetExternalId: level === 'ad' ? null : undefined };
      await withOrganization(db, organizationId, (tx) => putAds(tx, organizationId, [orphan]));
      return;
    }
  }
}

type Deed = typeof deed extends fc.Arbitrary<infer T> ? T : never;

/** Entries of two trackers are two, though their ids are the same: here they are not, so that a line can be known by its ids. */
function ofConfig(configId: string, record: Route): Route {
  const own = (id: string | null) => (id === null || id === '' || configId === configs[0] ? id : `${id}b`);
  return {
    ...record,
    ...Object.fromEntries(Object.keys(route).map((name) => [name, own(record[name as keyof Route])])),
  };
}

async function load(resource: 'clicks' | 'conversions', configId: string, records: unknown[], way: Way): Promise<void> {
  const format = beginPage(resource, { configId, organizationId });
  format.add(records.map((record) => ofConfig(configId, record as Route)) as never);
  const formatted = format.end();
  const write = (as: Way) =>
    loaders.use(({ client, db: own }) =>
      own.transaction().execute(() => loadPage(client, { configId, organizationId }, formatted, as)),
    );
  await write(way).catch((error: unknown) => {
    if (!isOfSomeRow(error)) throw error;
    return write('careful');
  });
}

async function carryOut(one: Deed): Promise<void> {
  switch (one.do) {
    case 'role':
    case 'adCampaign':
    case 'spend':
    case 'spendBack':
    case 'orphan':
      return carryOutAd(one);
    case 'clicks':
      return load('clicks', configs[one.config]!, one.records, one.isFresh ? 'straight' : 'staged');
    case 'conversions':
      return load('conversions', configs[one.config]!, one.records, 'staged');
    case 'map':
      await sql`delete from status_map where tracker_config_id = ${configs[one.config]} and raw_status = ${one.word}`.execute(
        db,
      );
      if (one.status === null) return;
      await sql`insert into status_map (tracker_config_id, organization_id, raw_status, status)
        values (${configs[one.config]}, ${organizationId}, ${one.word}, ${one.status})`.execute(db);
      return;
    case 'dropOld':
      return dropOldClicks(db, Math.round((Date.now() - one.before.getTime()) / (1440 * MINUTE)));
    case 'delete':
      await db
        .updateTable('tracker_config')
        .set({ desired_state: 'deleting' })
        .where('id', '=', configs[one.config]!)
        .execute();
      return;
    case 'clean':
      await cleanRollups(db);
      return;
    case 'ask':
      return compare(one.ask);
  }
}

/** Midnight of the zone instead of UTC's. */
function localMidnight(at: Date, zone: string): Date {
  const shown = Date.parse(`${at.toLocaleString('sv-SE', { timeZone: zone }).replace(' ', 'T')}Z`);
  return new Date(at.getTime() - (shown - at.getTime()));
}

async function compare({ groupBy, ends, filters, areLocalDays, ...rest }: AskShape): Promise<void> {
  const days = areLocalDays && ends.every((at) => at.getTime() % 86_400_000 === 0);
  const [from, to] = [...ends]
    .map((at) => (days ? localMidnight(at, rest.zone) : at))
    .sort((a, b) => a.getTime() - b.getTime()) as [Date, Date];
  if (from.getTime() === to.getTime()) return;
  const ask: ReportAsk = {
    ...{ groupBy, from, to, ...rest, top: 10_000, sort: { by: 'clicks', isDescending: true } },
    filters: filters.map((text) => {
      const [name, values] = /^([^:]*):(.*)$/.exec(text)!.slice(1) as [ReportDimension, string];
      const ours = name === 'campaign' ? campaign : configs[1]!;
      return { dimension: name, values: values.split('|').map((value) => (value === 'ours' ? ours : value)) };
    }),
  };
  const [found, plain] = await withOrganization(
    db,
    organizationId,
    async (tx) => [await readReport(tx, ask), await plainReport(tx, ask)] as const,
    ONE_SNAPSHOT,
  );
  const said = JSON.stringify(ask);
  expect(linesOf(found.filter(({ kind }) => kind === 'row')), said).toEqual(plainLines(plain.rows));
  expect(linesOf(found.filter(({ kind }) => kind === 'total')), said).toEqual(plainLines(plain.totals));
}

const textOf = (value: unknown): string =>
  value === null || value === undefined
    ? '∅'
    : typeof value === 'object'
      ? (value as { externalId: string }).externalId
      : String(value);

/** Shares of spend are rounded to six digits, in another order on each side. */
const shown = (column: string, value: unknown): string =>
  String(column === 'cost' ? Number(Number(value).toFixed(3)) + 0 : Number(value));

/** By key and currency; words in lower case, as the plain side folds them. */
function linesOf(rows: readonly ReportRow[]): Record<string, Record<string, string>> {
  return Object.fromEntries(
    rows.flatMap(({ keys, currency: code, now, previous }) => {
      const name = Object.entries(keys).map(([dim, value]) =>
        dim === 'rawStatus' ? textOf(value).toLowerCase() : textOf(value),
      );
      return (['now', 'previous'] as const).flatMap((period) => {
        const numbers = period === 'now' ? now : previous;
        if (numbers === null) return [];
        const sums = Object.fromEntries(SUMS.map((column) => [column, shown(column, numbers[column])]));
        return Object.values(sums).every((sum) => sum === '0') ? [] : [[`${name.join(' / ')} ${code} ${period}`, sums]];
      });
    }),
  );
}

function plainLines(rows: readonly PlainSums[]): Record<string, Record<string, string>> {
  return Object.fromEntries(
    rows.flatMap((row) => {
      const sums = Object.fromEntries(SUMS.map((column) => [column, shown(column, row[column])]));
      const isNothing = Object.values(sums).every((sum) => sum === '0');
      return isNothing ? [] : [[`${row.keys} ${row.currency} ${row.period}`, sums]];
    }),
  );
}

test('every report equals plain SQL over the logs', async () => {
  expect(REPORT_COLUMNS.length).toBeGreaterThan(SUMS.length);
  await fc.assert(
    fc.asyncProperty(
      fc.array(deed, { minLength: 6, maxLength: 30 }),
      fc.array(askShape, { minLength: 4, maxLength: 8 }),
      fc.array(adDeed, { maxLength: 12 }),
      async (deeds, asks, adDeeds) => {
        await begin();
        for (const one of [...USUAL_ROLES, ...adDeeds]) await carryOutAd(one);
        const beside: Promise<unknown>[] = [];
        for (const one of deeds) {
          // A cleaner may run beside whatever comes next.
          if (one.do === 'clean' && !one.isAlone) beside.push(cleanRollups(db));
          else await carryOut(one);
        }
        for (const ask of asks) await compare(ask);
        await Promise.all(beside);
        await cleanRollups(db);
        for (const ask of asks) await compare(ask);
      },
    ),
    {
      numRuns: RUNS,
      endOnFailure: process.env.PROPERTY_RUNS !== undefined,
      ...(process.env.PROPERTY_SEED
        ? { seed: Number(process.env.PROPERTY_SEED), path: process.env.PROPERTY_PATH! }
        : {}),
    },
  );
}, 300_000);

/** Clicks of two ads on every day, and clicks that came in after the sums were made. */
const clickOfAd = (ids: fc.Arbitrary<string>) =>
  fc
    .tuple(clickRecord, ids, oneOf('a', 'b'))
    .map(([record, externalId, ad]) => ({ ...record, externalId, subIds: { '1': ad }, isDerived: false }));
const usualClicks = fc.array(clickOfAd(fc.integer({ min: 0, max: 999 }).map(String)), { minLength: 40, maxLength: 60 });
const lateClicks = fc.array(clickOfAd(fc.integer({ min: 1000, max: 1999 }).map(String)), { maxLength: 2 });

test('with spend of ads on every day, whole and in part, with and without clicks that are not summed yet', async () => {
  await fc.assert(
    fc.asyncProperty(
      ...([
        usualClicks,
        lateClicks,
        fc.array(askShape, { minLength: 6, maxLength: 8 }),
        oneOf('UTC', 'Asia/Kolkata'),
      ] as const),
      async (clicks, late, asks, zone) => {
        await begin();
        for (const role of USUAL_ROLES) await carryOutAd(role);
        const spend = { do: 'spend' as const, level: 'ad', code: 'USD', adSet: 'x', adCampaign: null };
        for (const [i, day] of DAYS.entries()) {
          await carryOutAd({ ...spend, id: 'a', day, zone: 'UTC', amount: String(10 + i) });
          await carryOutAd({ ...spend, id: 'b', day, zone, amount: '7.5', code: i % 2 === 0 ? 'EUR' : 'USD' });
        }
        await load('clicks', configs[0]!, clicks, 'staged');
        await cleanRollups(db);
        for (const ask of asks) await compare(ask);
        if (late.length > 0) await load('clicks', configs[0]!, late, 'staged');
        for (const ask of asks) await compare(ask);
      },
    ),
    { numRuns: Math.ceil(RUNS / 4), endOnFailure: true },
  );
}, 300_000);

// Reports, first pages and CSV over a month of a large organisation: how long each kind takes, and what a download costs in memory.
import { connect, type Hub, untilSynced } from './hub.ts';
import { memoryOf } from './processes.ts';
import { type ReportSize, type Seeded, seedReports } from './report-seed.ts';

export interface Kind {
  what: string;
  promise: string;
  runs: number;
  /** Below `/api/v1`; the number makes every ask another one. */
  ask(n: number): string;
}

export interface Measured extends Kind {
  p50: number;
  p95: number;
}

const STANDARD = ['config', 'campaign', 'offer', 'day', 'trafficSource', 'status', 'country'];
const OTHERS = [
  ...['landingPage', 'flow', 'affiliateNetwork', 'rawStatus', 'deviceType', 'os', 'browser', 'hour', 'week', 'month'],
  ...['subId2', 'subId4', 'campaign,offer', 'campaign,day', 'country,deviceType,os', 'campaign,country,browser,day'],
];
const ZONES = ['UTC', 'Europe/Berlin', 'Asia/Kolkata', 'America/New_York'];
const DAY_MS = 86_400_000;
const MOST_MS_A_KIND = 15_000;

function kindsOf({ configIds, from, to }: Seeded): Kind[] {
  const config = (n: number) => configIds[n % configIds.length]!;
  const range = (start: Date, end: Date) => `from=${start.toISOString()}&to=${end.toISOString()}`;
  const all = range(from, to);
  const threeDays = (n: number) => {
    const start = new Date(from.getTime() + (n % 25) * DAY_MS);
    return range(start, new Date(start.getTime() + 3 * DAY_MS));
  };
  const asks = (dimensions: string[], scope: (n: number) => string) => (n: number) =>
    `/reports?groupBy=${dimensions[n % dimensions.length]}&${scope(n)}&tz=${ZONES[n % ZONES.length]}`;
  const standard = STANDARD.map((name) => ({
    ...{ what: `by ${name}, all configs, 30 days`, promise: '< 200', runs: 20 },
    ask: asks([name], (n) => `${all}&by=${n % 2 === 0 ? 'click' : 'conversion'}`),
  }));
  return [
    ...standard,
    {
      what: 'standard dimensions, one config',
      promise: '< 200',
      runs: 20,
      ask: asks(STANDARD, (n) => `${all}&configId=${config(n)}`),
    },
    {
      what: 'other dimensions, one config',
      promise: '< 2000',
      runs: 32,
      ask: asks(OTHERS, (n) => `${all}&configId=${config(n)}`),
    },
    { what: 'other dimensions, 3 days', promise: '< 2000', runs: 32, ask: asks(OTHERS, threeDays) },
    ...OTHERS.map((name) => ({
      what: `by ${name}, all of it`,
      promise: '< 6000',
      runs: 3,
      ask: asks([name], () => all),
    })),
    { what: 'clicks, first page', promise: '< 50', runs: 40, ask: (n) => `/clicks?limit=100${listScope(n)}` },
    { what: 'conversions, first page', promise: '< 50', runs: 40, ask: (n) => `/conversions?limit=100${listScope(n)}` },
    {
      what: 'campaigns, first page',
      promise: '< 50',
      runs: 20,
      ask: (n) => `/campaigns?limit=100${n % 2 === 0 ? '' : `&configId=${config(n)}`}`,
    },
  ];
  function listScope(n: number): string {
    return ['', `&configId=${config(n)}`, `&${threeDays(n)}`, `&configId=${config(n)}&${threeDays(n)}`, '&country=DE'][
      n % 5
    ]!;
  }
}

/** @param wanted a part of the kinds' names */
export async function measureReports(
  hub: Hub,
  size: ReportSize,
  wanted = '',
): Promise<{ kinds: Measured[]; csv: Download | null; rowsPerSecondBeside: number | null }> {
  const seeded = await seedReports(hub, size);
  const kinds: Measured[] = [];
  for (const kind of kindsOf(seeded).filter(({ what }) => what.includes(wanted))) {
    const measured = await measureKind(hub, kind);
    console.log(`${measured.what.padEnd(50)} p50 ${Math.round(measured.p50)} ms, p95 ${Math.round(measured.p95)} ms`);
    kinds.push(measured);
  }
  const csv = 'csv'.includes(wanted) ? await download(hub, size) : null;
  if (!BESIDE.includes(wanted)) return { kinds, csv, rowsPerSecondBeside: null };
  const beside = await measureBeside(hub, seeded);
  return { kinds: [...kinds, beside.measured], csv, rowsPerSecondBeside: beside.rowsPerSecond };
}

const BESIDE = 'standard dimensions, beside a backfill';
const LOADED_CLICKS = 600_000;

/** Reports one after another for as long as a backfill runs at full speed. */
async function measureBeside(hub: Hub, { from, to }: Seeded): Promise<{ measured: Measured; rowsPerSecond: number }> {
  const ledger = await hub.openLedger({
    ...{ name: `beside${Date.now()}`, clicks: LOADED_CLICKS, conversions: 2_000, growthPerDay: 0 },
    frozenAt: new Date().toISOString(),
  });
  const range = `from=${from.toISOString()}&to=${to.toISOString()}`;
  const ask = (n: number) => `/reports?groupBy=${STANDARD[n % STANDARD.length]}&${range}&tz=${ZONES[n % ZONES.length]}`;
  const startedAt = performance.now();
  const { id } = await connect(hub, ledger, { syncIntervalMinutes: 1440 });
  let isLoading = true;
  const loaded = untilSynced(hub, id).then(() => {
    isLoading = false;
    return performance.now() - startedAt;
  });
  const times: number[] = [];
  for (let n = 0; isLoading; n++) times.push(await timed(hub, ask(n)));
  const rowsPerSecond = LOADED_CLICKS / ((await loaded) / 1_000);
  await hub.api(`/trackers/${id}`, { method: 'DELETE' });
  const kind = { what: BESIDE, promise: '< 1000', runs: times.length, ask };
  return { measured: { ...kind, ...sharesOf(times) }, rowsPerSecond };
}

function sharesOf(times: number[]): Pick<Measured, 'p50' | 'p95'> {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)]!;
  return { p50: at(0.5), p95: at(0.95) };
}

async function measureKind(hub: Hub, kind: Kind): Promise<Measured> {
  const times: number[] = [];
  await timed(hub, kind.ask(0));
  const endsAt = performance.now() + MOST_MS_A_KIND;
  for (let n = 0; n < kind.runs && (n < 3 || performance.now() < endsAt); n++)
    times.push(await timed(hub, kind.ask(n)));
  return { ...kind, ...sharesOf(times) };
}

async function timed(hub: Hub, path: string): Promise<number> {
  const startedAt = performance.now();
  const answer = await fetch(`${hub.apiUrl}/api/v1${path}`, { headers: { authorization: `Bearer ${hub.apiKey}` } });
  const body = await answer.text();
  if (answer.status !== 200) throw new Error(`${answer.status} of ${path}: ${body.slice(0, 300)}`);
  return performance.now() - startedAt;
}

export interface Download {
  rows: number;
  seconds: number;
  /** Of the server: before, and the most while it answered. */
  memoryMb: { before: number; most: number };
}

const CSV_ROWS = 1_000_000;

async function download(hub: Hub, { clicks }: ReportSize): Promise<Download> {
  const pid = hub.pidOf('server');
  const before = memoryOf(pid)!;
  let most = before;
  const startedAt = performance.now();
  const answer = await fetch(`${hub.apiUrl}/api/v1/clicks`, {
    headers: { authorization: `Bearer ${hub.apiKey}`, accept: 'text/csv' },
  });
  let rows = 0;
  for await (const chunk of answer.body!) {
    for (const byte of chunk as Uint8Array) if (byte === 10) rows++;
    most = Math.max(most, memoryOf(pid) ?? 0);
    if (rows >= Math.min(CSV_ROWS, clicks)) break;
  }
  return { rows, seconds: (performance.now() - startedAt) / 1_000, memoryMb: { before, most } };
}

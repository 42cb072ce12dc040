// `npm run bench`: measures the hub beside the reference and prints one table; `-- backfill fleet …` runs those parts only.
import { parseArgs } from 'node:util';
import type { LedgerAccess } from '../simulator/hosted-ledgers.ts';
import { measureBackfill, measureReference, type Pace } from './backfill.ts';
import { measureDashboard } from './dashboard.ts';
import { measureFleet } from './fleet.ts';
import { type Hub, withHub } from './hub.ts';
import { MONTH } from './report-seed.ts';
import { measureReports } from './reports.ts';
import { measureReread, type Reread } from './reread.ts';
import { measureRollups } from './rollups.ts';
import { MISSED_MS } from './scroll.ts';
import { measureTrackers } from './trackers.ts';

const CLICKS = 600_000;
const ROUNDS = 3;
const DAY_MS = 86_400_000;
const SETTLED_MS = 600_000;

interface Line {
  what: string;
  measured: string;
  /** Of the reference in the same run, or of what is promised. */
  beside: string;
  promise: string;
}

const PARTS: Record<string, (hub: Hub) => Promise<Line[]>> = {
  backfill: pages,
  trackers,
  fleet: (hub) => fleet(hub, 1_000, 2, 6),
  'large-fleet': growingFleet,
  rollups,
  reports,
  dashboard,
};

/** `reports` can be made smaller and looked at in part, and can keep its month from run to run. */
const { values: options, positionals: asked } = parseArgs({
  allowPositionals: true,
  options: { clicks: { type: 'string' }, only: { type: 'string' }, keep: { type: 'string' } },
});
const unknown = asked.filter((name) => !Object.hasOwn(PARTS, name));
if (unknown.length > 0)
  throw new Error(`no such part: ${unknown.join(', ')}; there are ${Object.keys(PARTS).join(', ')}`);
const lines: Line[] = [];
for (const name of asked.length > 0 ? asked : Object.keys(PARTS)) {
  await withHub(async (hub) => {
    lines.push(...(await PARTS[name]!(hub)));
  }, options.keep);
}
print(lines);
process.exit();

/** In turn, so that a machine that grows slower or faster does so for both; the medians of the ratios count. */
async function pages(hub: Hub): Promise<Line[]> {
  const ledger = await hub.openLedger({
    ...{ name: 'pages', clicks: CLICKS, conversions: 2_000, growthPerDay: 0 },
    frozenAt: new Date().toISOString(),
  });
  const rounds: Round[] = [];
  for (let round = 0; round < ROUNDS; round++) rounds.push(await pagesOnce(hub, ledger));
  const paces = (of: (round: Round) => Pace) => rounds.map((round) => of(round).rowsPerSecond);
  const reference = paces(({ reference }) => reference);
  const beside = (rates: number[]) => rates.map((rate, i) => rate / reference[i]!);
  const last = rounds.at(-1)!.reread;
  return [
    { what: 'reference, clicks/s', measured: rate(median(reference)), beside: '1', promise: '' },
    line(
      'whole backfill, clicks/s',
      paces(({ backfill }) => backfill),
      beside,
      '≥ 0.85',
    ),
    line(
      'second re-read of 30 days, clicks/s',
      paces(({ reread }) => reread),
      beside,
      '≥ 0.75',
    ),
    { what: 'rows written by it', measured: String(last.rowsWritten), beside: '', promise: '0' },
    {
      what: 'its WAL per 100,000 rows',
      measured: `${(last.walPer100k / 1_000).toFixed(1)} kB`,
      beside: '',
      promise: '< 10 kB',
    },
  ];
}

interface Round {
  reference: Pace;
  backfill: Pace;
  reread: Reread;
}

async function pagesOnce(hub: Hub, ledger: LedgerAccess): Promise<Round> {
  const now = Date.now();
  const reference = await measureReference(hub, ledger, { from: new Date(now - 31 * DAY_MS), to: new Date(now) });
  const backfill = await measureBackfill(hub, ledger);
  // What was readable when the backfill began, and nothing that has become so since.
  const range = { from: new Date(now - 30 * DAY_MS), to: new Date(now - SETTLED_MS) };
  await measureReread(hub, backfill.configId, range);
  const reread = await measureReread(hub, backfill.configId, range);
  console.log(JSON.stringify({ reference, backfill, reread }));
  return { reference, backfill, reread };
}

function line(what: string, rates: number[], beside: (rates: number[]) => number[], promise: string): Line {
  return { what, measured: rate(median(rates)), beside: median(beside(rates)).toFixed(2), promise };
}

async function rollups(hub: Hub): Promise<Line[]> {
  const { withThem, without, secondsPerMillion } = await measureRollups(hub, ROUNDS);
  const ratios = withThem.map((pace, i) => pace / without[i]!);
  return [
    { what: 'whole backfill without roll-ups, clicks/s', measured: rate(median(without)), beside: '1', promise: '' },
    { what: 'with them', measured: rate(median(withThem)), beside: median(ratios).toFixed(2), promise: '≥ 0.85' },
    {
      what: 'summing a million clicks',
      measured: `${median(secondsPerMillion).toFixed(1)} s`,
      beside: '',
      promise: '',
    },
  ];
}

async function trackers(hub: Hub): Promise<Line[]> {
  const paces = await measureTrackers(hub, ROUNDS);
  return paces.map(({ face, rows, rowsPerSecond }) => ({
    ...{ what: `whole backfill of ${face}, rows/s`, measured: rate(median(rowsPerSecond)) },
    ...{ beside: `${rows.toLocaleString('en')} rows`, promise: '' },
  }));
}

async function fleet(hub: Hub, configs: number, intervalMinutes: number, minutes: number): Promise<Line[]> {
  const { expected, kept, lateness, cores, workerMb } = await measureFleet(hub, { configs, intervalMinutes, minutes });
  const what = `${configs.toLocaleString('en')} configs every ${intervalMinutes} min`;
  const parts = `worker ${cores.worker.toFixed(2)}, Temporal ${cores.temporal.toFixed(2)}, PostgreSQL ${cores.postgres.toFixed(2)}`;
  return [
    {
      what: `${what}, cycles kept`,
      measured: `${kept} of ${expected}`,
      beside: (kept / expected).toFixed(3),
      promise: '1',
    },
    {
      what: '· seconds late: median, p99, most',
      measured: [lateness.median, lateness.p99, lateness.max].map((seconds) => seconds.toFixed(1)).join(' · '),
      ...{ beside: '', promise: '' },
    },
    { what: '· cores', measured: cores.all.toFixed(2), beside: parts, promise: configs === 1_000 ? '< 0.8' : '≤ 2' },
    { what: '· worker’s memory', measured: `${Math.round(workerMb)} MB`, beside: '', promise: '' },
  ];
}

async function reports(hub: Hub): Promise<Line[]> {
  const clicks = Number(options.clicks ?? MONTH.clicks);
  const size = { ...MONTH, clicks, conversions: Math.round((MONTH.conversions * clicks) / MONTH.clicks) };
  const { kinds, csv, rowsPerSecondBeside } = await measureReports(hub, size, options.only);
  const lines = kinds.map(({ what, promise, p50, p95 }) => ({
    ...{ what, measured: `${Math.round(p50)} ms · ${Math.round(p95)} ms`, beside: 'p50 · p95', promise },
  }));
  if (rowsPerSecondBeside !== null)
    lines.push({
      what: 'the backfill beside reports, clicks/s',
      measured: rate(rowsPerSecondBeside),
      beside: '',
      promise: '',
    });
  if (csv === null) return lines;
  const { before, most } = csv.memoryMb;
  const memory = `${Math.round(before)} MB before, ${Math.round(most)} MB at most`;
  return [...lines, { what: 'CSV, rows/s', measured: rate(csv.rows / csv.seconds), beside: memory, promise: 'flat' }];
}

async function dashboard(hub: Hub): Promise<Line[]> {
  const { trackers, usable, painted, scrolled } = await measureDashboard(hub);
  const told = (ms: number[]) => `${Math.round(median(ms))} ms · ${Math.round(Math.max(...ms))} ms`;
  const beside = (median(usable) / 1_000).toFixed(2);
  return [
    { what: `/trackers with ${trackers} usable: median, most`, measured: told(usable), beside, promise: '< 1 (1 s)' },
    { what: '· largest paint', measured: told(painted), beside: '', promise: '' },
    ...scrolled.map(({ what, rows, frames, workMs, mostDrawn }) => {
      const inOrder = [...frames].sort((a, b) => a - b);
      const missed = frames.filter((ms) => ms > MISSED_MS).length / frames.length;
      return {
        what: `${rows === 0 ? '' : `${rows.toLocaleString('en')} rows, `}${what}: frame median, p95`,
        measured: `${median(frames).toFixed(1)} ms · ${inOrder[Math.floor(0.95 * frames.length)]!.toFixed(1)} ms`,
        beside: `${(100 * missed).toFixed(1)} % over 33 ms, ${workMs.toFixed(1)} ms of work a frame, ${mostDrawn} rows drawn at most`,
        promise: '',
      };
    }),
  ];
}

/** More and more configs at 15 minutes, until two cores no longer keep all their cycles; any minutes show their share. */
async function growingFleet(hub: Hub): Promise<Line[]> {
  const lines: Line[] = [];
  for (const configs of [10_000, 14_000, 18_000, 22_000]) {
    const measured = await fleet(hub, configs, 15, 4);
    lines.push(...measured);
    print(measured);
    if (Number(measured[0]!.beside) < 0.995) break;
  }
  return lines;
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

function rate(rowsPerSecond: number): string {
  return Math.round(rowsPerSecond).toLocaleString('en');
}

function print(table: Line[]): void {
  const rows = [{ what: 'what', measured: 'measured', beside: 'beside the reference', promise: 'promised' }, ...table];
  const columns = ['what', 'measured', 'beside', 'promise'] as const;
  const widths = columns.map((column) => Math.max(...rows.map((row) => row[column].length)));
  for (const row of rows) console.log(`| ${columns.map((column, i) => row[column].padEnd(widths[i]!)).join(' | ')} |`);
}

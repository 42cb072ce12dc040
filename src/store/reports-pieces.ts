// Where a report's numbers are read: UTC days and hours that are summed up, and the logs themselves for what is marked or cut.
import { sql } from 'kysely';
import { DAY_MS, HOUR_MS, MINUTE_MS, type Range } from '../core/windows.ts';
import type { Tx } from './db.ts';
import { isEverywhere, isTime, type ReportDimension, type Source, type TimeDimension } from './reports-dimensions.ts';
import { offsetsOf } from './zone-offsets.ts';

/** The sets that roll-ups are kept by; `config` alone by quarter hours. */
const SETS: readonly { name: RollupSet; has: readonly ReportDimension[] }[] = [
  { name: 'config', has: [] },
  { name: 'campaign', has: ['campaign', 'trafficSource'] },
  { name: 'offer', has: ['offer'] },
  { name: 'country', has: ['country'] },
];
export type RollupSet = 'config' | 'campaign' | 'offer' | 'country';

/** What conversions are told apart by in their hours, beyond all sets. */
const WIDE: readonly ReportDimension[] = ['landingPage', 'flow', 'affiliateNetwork', 'deviceType', 'os', 'browser'];

/** A stretch of the log, of one config or of all. */
export interface Span extends Range {
  configId: string | null;
}

export interface Pieces {
  /** Null: nothing but the logs. */
  set: RollupSet | null;
  /** What hours of conversions are told apart by. */
  wide: 'all' | 'config';
  days: Range | null;
  /** Summed hours that lie outside of `days`; within, they stand in for days that have a mark. */
  hours: readonly Range[];
  spans: readonly Span[];
  hasMarks: boolean;
}

export interface Question {
  source: Source;
  /** All that is grouped or filtered by. */
  dimensions: readonly ReportDimension[];
  range: Range;
  zone: string;
  /** By how much time rows are moved along before their day is told. */
  shiftMs: number;
}

const QUARTER_MS = 15 * MINUTE_MS;

/** @param readMarks the stretches of a summed range that are read anew; by default the marked hours of the source */
export async function piecesOf(
  tx: Tx,
  question: Question,
  configIds: readonly string[] | null,
  readMarks = (summed: Range): Promise<Span[]> => markedSpans(tx, question.source, summed, configIds),
): Promise<Pieces> {
  const { source, dimensions, range, zone, shiftMs } = question;
  const wanted = dimensions.filter((name) => !isEverywhere(name));
  const set = SETS.find(({ has }) => wanted.every((name) => has.includes(name)))?.name ?? null;
  // Conversions stand by all dimensions of all sets in their hours, though not in their days.
  const isWide =
    source === 'conversion' &&
    wanted.every((name) => WIDE.includes(name) || SETS.some(({ has }) => has.includes(name)));
  const grainMs = set === 'config' || source === 'conversion' ? QUARTER_MS : HOUR_MS;
  const times = dimensions.filter(isTime);
  const offsets = times.length === 0 ? [0] : offsetsOf(zone, range);
  const fits = (grain: number): boolean => times.length === 0 || [...offsets, shiftMs].every((ms) => ms % grain === 0);
  const summed = (set !== null || isWide) && fits(grainMs) ? whole(range, grainMs) : null;
  const wide = wanted.length > 0 ? 'all' : 'config';
  if (summed === null)
    return { set: null, wide, days: null, hours: [], spans: [{ ...range, configId: null }], hasMarks: false };
  const days = set !== null && hasDays(times, offsets, shiftMs) ? whole(summed, DAY_MS) : null;
  const marked = await readMarks(summed);
  return {
    set: set ?? 'config',
    wide,
    days,
    hours: days === null ? [summed] : without(summed, days),
    spans: [...without(range, summed).map((edge) => ({ ...edge, configId: null })), ...marked],
    hasMarks: marked.length > 0,
  };
}

const hasDays = (times: readonly TimeDimension[], offsets: readonly number[], shiftMs: number): boolean =>
  times.length === 0 || (!times.includes('hour') && [...offsets, shiftMs].every((ms) => ms % DAY_MS === 0));

/** The whole grains within; null where there is none. */
function whole({ from, to }: Range, grainMs: number): Range | null {
  const start = Math.ceil(from.getTime() / grainMs) * grainMs;
  const end = Math.floor(to.getTime() / grainMs) * grainMs;
  return start < end ? { from: new Date(start), to: new Date(end) } : null;
}

const without = (range: Range, inner: Range): Range[] =>
  [
    { from: range.from, to: inner.from },
    { from: inner.to, to: range.to },
  ].filter(({ from, to }) => from < to);

/** Marked hours, those that follow each other as one. */
async function markedSpans(tx: Tx, source: Source, range: Range, configIds: readonly string[] | null): Promise<Span[]> {
  const { rows } = await sql<Span>`
    with marks as (
      select distinct tracker_config_id, hour from rollup_mark
      where source = ${source} and hour > ${range.from}::timestamptz - interval '1 hour' and hour < ${range.to}
        and ${configIds === null ? sql`true` : sql`tracker_config_id = any(${[...configIds]}::uuid[])`}
    ), numbered as (
      select *, hour - row_number() over (partition by tracker_config_id order by hour) * interval '1 hour' as island from marks
    )
    select tracker_config_id as "configId", min(hour) as from, max(hour) + interval '1 hour' as to
    from numbered group by tracker_config_id, island order by 2, 1`.execute(tx);
  return rows.map(({ configId, from, to }) => ({
    configId,
    from: latest(from, range.from),
    to: earliest(to, range.to),
  }));
}

const latest = (...times: Date[]): Date => new Date(Math.max(...times.map((time) => time.getTime())));
const earliest = (...times: Date[]): Date => new Date(Math.min(...times.map((time) => time.getTime())));

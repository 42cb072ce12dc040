// Where a report's numbers are read: UTC days and hours that are summed up, and the logs themselves for what is marked or cut.
import { sql } from 'kysely';
import { DAY_MS, HOUR_MS, MINUTE_MS, type Range } from '../core/windows.ts';
import type { Tx } from './db.ts';
import { isEverywhere, isTime, type ReportDimension, type Source, type TimeDimension } from './reports-dimensions.ts';
import { movedRange } from './reports-periods.ts';
import { beginsSlot } from './rollup-slots.ts';
import { offsetsOf } from './zone-offsets.ts';

/** The sets that roll-ups are kept by; `config` by quarter hours, clicks of the others by slots. */
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
/** Whether something that is summed begins at a time. */
type Grain = (ms: number) => boolean;
const beginsQuarter: Grain = (ms) => ms % QUARTER_MS === 0;
const beginsDay: Grain = (ms) => ms % DAY_MS === 0;

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
  const grain = set === 'config' || source === 'conversion' ? beginsQuarter : beginsSlot;
  const times = dimensions.filter(isTime);
  const offsets = times.length === 0 ? [0] : offsetsOf(zone, movedRange(range, shiftMs));
  const summed = (set !== null || isWide) && fits(grain, times, offsets, shiftMs) ? whole(range, grain) : null;
  const wide = wanted.length > 0 ? 'all' : 'config';
  if (summed === null)
    return { set: null, wide, days: null, hours: [], spans: [{ ...range, configId: null }], hasMarks: false };
  const days =
    set !== null && !times.includes('hour') && fits(beginsDay, times, offsets, shiftMs)
      ? whole(summed, beginsDay)
      : null;
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

/** Whether each of the zone's hours, or of its days, begins where something that is summed does. */
function fits(grain: Grain, times: readonly TimeDimension[], offsets: readonly number[], shiftMs: number): boolean {
  if (times.length === 0) return true;
  const stepMs = times.includes('hour') ? HOUR_MS : DAY_MS;
  return offsets.every((offset) => {
    for (let ms = 0; ms < DAY_MS; ms += stepMs) if (!grain(ms - offset - shiftMs)) return false;
    return true;
  });
}

/** The whole grains within; null where there is none. */
function whole({ from, to }: Range, grain: Grain): Range | null {
  let start = Math.ceil(from.getTime() / QUARTER_MS) * QUARTER_MS;
  let end = Math.floor(to.getTime() / QUARTER_MS) * QUARTER_MS;
  while (!grain(start)) start += QUARTER_MS;
  while (!grain(end)) end -= QUARTER_MS;
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

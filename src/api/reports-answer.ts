// A report's answer: its rows and totals, what is null because nobody tells it, and how its money came into one currency.
import { z } from '@hono/zod-openapi';
import type { ReportAsk, ReportRow } from '../store/reports-ask.ts';
import type { ReportNumbers } from '../store/reports-columns.ts';
import { isOfConversions } from '../store/reports-dimensions.ts';
import type { reportFreshness } from '../store/reports-freshness.ts';
import { FROM_COST, FROM_COUNTS } from '../store/reports-untold.ts';
import { DIMENSIONS } from './reports-query.ts';
import { decimal, maybeIso, maybeTime, time } from './wire.ts';

const count = z.int();
const percent = z.number().nullable();

const numbers = {
  ...{ clicks: count.nullable(), uniqueClicks: count.nullable(), botClicks: count.nullable() },
  landingClicks: count.nullable(),
  ...{ conversions: count, approved: count, pending: count, rejected: count, hold: count, reversed: count },
  ...{ revenue: decimal, approvedRevenue: decimal, cost: decimal.nullable(), profit: decimal.nullable() },
  ...{ roi: percent, cr: percent, epc: decimal.nullable() },
};
const numbersSchema = z.object(numbers);
export type ReportNumbersAnswer = z.infer<typeof numbersSchema>;

const key = z.union([
  z.string(),
  z.object({
    ...{ id: z.string().nullable(), externalId: z.string(), name: z.string().nullable() },
    configId: z.string().optional().openapi({ description: 'Of an entry of a tracker’s catalog: whose it is.' }),
  }),
  z.null(),
]);

const totalSchema = z.object({ currency: z.string(), ...numbers, previous: numbersSchema.optional() });
const rowSchema = totalSchema.extend({
  keys: z.partialRecord(z.enum(DIMENSIONS), key),
  isRest: z.boolean().openapi({ description: 'The rows beyond `top`, folded.' }),
});
export type ReportLine = z.infer<typeof rowSchema>;

const ratesSchema = z.object({
  currency: z.string(),
  oldestDays: z.int().nullable().openapi({ description: 'Age of the oldest daily rate that was taken.' }),
  missing: z
    .array(z.object({ currency: z.string(), from: z.string(), to: z.string(), days: z.int() }))
    .openapi({ description: 'Money without a rate, which stands in rows and totals of its own: first and last day.' }),
});

/** What the figures rest on. */
export const freshnessFields = {
  asOf: maybeTime.openapi({
    description:
      'Everything before this moment is in, but for the configs in `behind`; theirs too where all are behind.',
  }),
  since: maybeTime.openapi({ description: 'Before this moment nothing was read of any of the configs.' }),
  wholeSince: maybeTime.openapi({ description: 'From this moment on all of them were read.' }),
  behind: z
    .array(z.string())
    .openapi({ description: 'Configs whose newest rows are missing: late, paused, or waiting for a person.' }),
  totalsOnly: z.array(z.string()).openapi({
    description:
      'Configs without a complete click log: their daily totals tell clicks and cost, and nothing of unique visitors, bots and landing pages.',
  }),
};

export const freshnessOf = ({ behind, totalsOnly, ...times }: Awaited<ReturnType<typeof reportFreshness>>) => ({
  ...{ asOf: maybeIso(times.asOf), since: maybeIso(times.since), wholeSince: maybeIso(times.wholeSince) },
  ...{ behind, totalsOnly },
});

/** Ids are long, and a header is no place for a thousand. */
const MOST_TOLD = 100;

/** The same where there is no room for it in the body. */
export const freshnessHeaders = z.object({
  'X-As-Of': time.optional().openapi({ description: '`asOf`; not there while nothing is in.' }),
  'X-Behind': z.string().openapi({ description: `\`behind\`, comma-separated, the first ${MOST_TOLD}.` }),
  'X-Behind-Count': z.string().openapi({ description: 'How many are behind.', example: '0' }),
});

export const headersOf = ({ asOf, behind }: Awaited<ReturnType<typeof reportFreshness>>): Record<string, string> => ({
  ...(asOf === null ? {} : { 'X-As-Of': asOf.toISOString() }),
  'X-Behind': behind.slice(0, MOST_TOLD).join(','),
  'X-Behind-Count': String(behind.length),
});

export const reportSchema = z
  .object({
    rows: z.array(rowSchema),
    totals: z.array(totalSchema).openapi({ description: 'One per currency.' }),
    rates: ratesSchema.nullable().openapi({ description: 'Where one currency was asked for.' }),
    ...freshnessFields,
    unknownToTotals: z.array(z.enum(DIMENSIONS)).openapi({
      description:
        'What this report is grouped or filtered by and `totalsOnly` do not know: clicks, cost and what follows are null wherever they may be theirs.',
    }),
  })
  .openapi('Report');

const isByStatus = ({ filters }: ReportAsk): boolean => filters.some(({ dimension }) => isOfConversions(dimension));

export function rowsOf(lines: readonly ReportRow[], ask: ReportAsk): ReportLine[] {
  const hidesClicks = ask.groupBy.some(isOfConversions) || isByStatus(ask);
  return lines
    .filter(({ kind }) => kind === 'row' || kind === 'rest')
    .map((line) => ({ keys: line.keys, isRest: line.kind === 'rest', ...shownOf(line, hidesClicks) }));
}

export const totalsOf = (lines: readonly ReportRow[], ask: ReportAsk) =>
  lines.filter(({ kind }) => kind === 'total').map((line) => shownOf(line, isByStatus(ask)));

export function ratesOf(lines: readonly ReportRow[], { currency }: ReportAsk): z.infer<typeof ratesSchema> | null {
  if (currency === null || currency === undefined) return null;
  const missing = lines
    .filter(({ kind }) => kind === 'unrated')
    .map(({ currency: own, note }) => {
      const [from, to, days] = note!.split(' ') as [string, string, string];
      return { currency: own, from, to, days: Number(days) };
    });
  const oldest = lines.find(({ kind }) => kind === 'rated')?.note ?? null;
  return { currency, oldestDays: oldest === null ? null : Number(oldest), missing };
}

function shownOf({ currency, now, previous, untold }: ReportRow, hidesClicks: boolean): z.infer<typeof totalSchema> {
  const shown = hidesClicks ? withoutClicks : untold === null ? whole : SHOWN[untold];
  return { currency, ...shown(now), ...(previous === null ? {} : { previous: shown(previous) }) };
}

const whole = (figures: ReportNumbers): ReportNumbersAnswer => figures;

const nothing = <T extends string>(names: readonly T[]): Record<T, null> =>
  Object.fromEntries(names.map((name) => [name, null])) as Record<T, null>;
const NO_COUNTS = nothing(FROM_COUNTS);
const NO_COST = nothing(FROM_COST);

const withoutCounts = (figures: ReportNumbers): ReportNumbersAnswer => ({ ...figures, ...NO_COUNTS });

/** A click has no status, nor does a daily total know what it is not grouped by: there is no share of clicks or cost to show. */
const withoutClicks = (figures: ReportNumbers): ReportNumbersAnswer => ({ ...figures, ...NO_COUNTS, ...NO_COST });

/** A daily total counts clicks and no more; of days that it does not have yet it counts none, though their conversions are in. */
function withoutDetails(figures: ReportNumbers): ReportNumbersAnswer {
  const isShare = figures.cr !== null && figures.cr <= 100;
  return { ...figures, uniqueClicks: null, botClicks: null, landingClicks: null, cr: isShare ? figures.cr : null };
}

const SHOWN = { clicks: withoutClicks, counts: withoutCounts, details: withoutDetails };

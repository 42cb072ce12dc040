// GET /reports: which ad, campaign, offer, day made which money, straight from the raw rows.
import { createRoute, z } from '@hono/zod-openapi';
import { type ReportAsk, type ReportRow, readReport, reportFreshness } from '../store/reports.ts';
import type { ReportNumbers } from '../store/reports-columns.ts';
import { isOfConversions } from '../store/reports-dimensions.ts';
import { ONE_SNAPSHOT, withOrganization } from '../store/tenancy.ts';
import type { ApiDeps } from './deps.ts';
import { problemResponses } from './problems.ts';
import { DIMENSIONS, reportAskOf, reportQuery } from './reports-query.ts';
import { createRouter, jsonAnswer } from './router.ts';
import { decimal, maybeIso, maybeTime } from './wire.ts';

const count = z.int();
const percent = z.number().nullable();

const numbers = {
  ...{ clicks: count.nullable(), uniqueClicks: count.nullable(), botClicks: count.nullable() },
  landingClicks: count.nullable(),
  ...{ conversions: count, approved: count, pending: count, rejected: count, hold: count, reversed: count },
  ...{ revenue: decimal, approvedRevenue: decimal, cost: decimal.nullable(), profit: decimal.nullable() },
  ...{ roi: percent, cr: percent, epc: decimal.nullable() },
};

const key = z.union([
  z.string(),
  z.object({ id: z.string().nullable(), externalId: z.string().optional(), name: z.string().nullable() }),
  z.null(),
]);

const totalSchema = z.object({ currency: z.string(), ...numbers, previous: z.object(numbers).optional() });
const rowSchema = totalSchema.extend({
  keys: z.partialRecord(z.enum(DIMENSIONS), key),
  isRest: z.boolean().openapi({ description: 'The rows beyond `top`, folded.' }),
});

const reportSchema = z
  .object({
    rows: z.array(rowSchema),
    totals: z.array(totalSchema).openapi({ description: 'One per currency.' }),
    asOf: maybeTime.openapi({ description: 'Everything before this moment is in.' }),
    behind: z.array(z.string()).openapi({ description: 'Configs whose newest rows are missing.' }),
  })
  .openapi('Report');

const route = createRoute({
  method: 'get',
  path: '/',
  tags: ['reports'],
  summary: 'Clicks, conversions, cost and revenue by any dimensions',
  description:
    'Columns that clicks cannot tell (cost, clicks and what follows, by status) are null. A division by zero is null.',
  request: { query: reportQuery },
  responses: { 200: jsonAnswer('Rows in the asked order.', reportSchema), ...problemResponses(400) },
});

export function reports(deps: ApiDeps) {
  return createRouter().openapi(route, async (c) => {
    const ask = reportAskOf(c.req.valid('query'), deps.now());
    const configs = ask.filters.filter(({ dimension }) => dimension === 'config').flatMap(({ values }) => values);
    const { lines, freshness } = await withOrganization(
      deps.db,
      c.var.organizationId,
      async (tx) => ({
        lines: await readReport(tx, ask),
        freshness: await reportFreshness(tx, configs.length === 0 ? null : configs),
      }),
      ONE_SNAPSHOT,
    );
    const totals = lines.filter(({ kind }) => kind === 'total').map((line) => totalOf(line, isFilteredByStatus(ask)));
    const rows = lines.filter(({ kind }) => kind !== 'total').map((line) => rowOf(line, ask));
    return c.json({ rows, totals, asOf: maybeIso(freshness.asOf), behind: freshness.behind }, 200);
  });
}

const isFilteredByStatus = ({ filters }: ReportAsk): boolean =>
  filters.some(({ dimension }) => isOfConversions(dimension));

function rowOf(line: ReportRow, ask: ReportAsk): z.infer<typeof rowSchema> {
  const hidesClicks = ask.groupBy.some(isOfConversions) || isFilteredByStatus(ask);
  return { keys: line.keys, isRest: line.kind === 'rest', ...totalOf(line, hidesClicks) };
}

function totalOf({ currency, now, previous }: ReportRow, hidesClicks: boolean): z.infer<typeof totalSchema> {
  const shown = hidesClicks ? withoutClicks : (figures: ReportNumbers) => figures;
  return { currency, ...shown(now), ...(previous === null ? {} : { previous: shown(previous) }) };
}

/** A click has no status: there is no share of clicks or cost to show. */
function withoutClicks(figures: ReportNumbers) {
  const untold = { clicks: null, uniqueClicks: null, botClicks: null, landingClicks: null, cost: null, profit: null };
  return { ...figures, ...untold, roi: null, cr: null, epc: null };
}

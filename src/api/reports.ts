// GET /reports: which ad, campaign, offer, day made which money, from roll-ups and from the logs where they are newer.
import { createRoute, z } from '@hono/zod-openapi';
import { hasWholeClickLog } from '../adapters/index.ts';
import { readReport } from '../store/reports.ts';
import { reportFreshness } from '../store/reports-freshness.ts';
import { unknownToTotals } from '../store/reports-untold.ts';
import { ONE_SNAPSHOT, withOrganization } from '../store/tenancy.ts';
import { csvAnswer } from './csv.ts';
import type { ApiDeps } from './deps.ts';
import { wantsCsv } from './log-query.ts';
import { problemResponses } from './problems.ts';
import { freshnessHeaders, freshnessOf, headersOf, ratesOf, reportSchema, rowsOf, totalsOf } from './reports-answer.ts';
import { reportColumns } from './reports-csv.ts';
import { reportAskOf, reportQuery } from './reports-query.ts';
import { createRouter } from './router.ts';
import { expectTimeZone } from './time-zone.ts';

const route = createRoute({
  method: 'get',
  path: '/',
  tags: ['reports'],
  summary: 'Clicks, conversions, cost and revenue by any dimensions',
  description:
    'Columns that clicks cannot tell (cost, clicks and what follows, by status) are null, and so are those of trackers without a click log by what their daily totals do not know. A division by zero is null.',
  request: { query: reportQuery },
  responses: {
    200: {
      description: 'Rows in the asked order; as text/csv the rows without the totals.',
      headers: freshnessHeaders,
      content: { 'application/json': { schema: reportSchema }, 'text/csv': { schema: z.string() } },
    },
    ...problemResponses(400),
  },
});

export function reports(deps: ApiDeps) {
  const typesWithoutClickLog = Object.values(deps.adapters)
    .filter((adapter) => !hasWholeClickLog(adapter))
    .map(({ type }) => type);
  return createRouter().openapi(route, async (c) => {
    const ask = { ...reportAskOf(c.req.valid('query'), deps.now(), Object.keys(deps.adapters)), typesWithoutClickLog };
    await expectTimeZone(deps.db, ask.zone);
    const { lines, freshness } = await withOrganization(
      deps.db,
      c.var.organizationId,
      async (tx) => ({
        lines: await readReport(tx, ask),
        freshness: await reportFreshness(tx, ask),
      }),
      ONE_SNAPSHOT,
    );
    const rows = rowsOf(lines, ask);
    const headers = headersOf(freshness);
    if (wantsCsv(c)) {
      const page = { items: rows, next: null };
      return csvAnswer('report.csv', reportColumns(ask), null, async () => page, headers);
    }
    // Every name in an ask came in by the API's own list.
    const unknown = (freshness.totalsOnly.length === 0 ? [] : unknownToTotals(ask, freshness.haveAds)) as z.infer<
      typeof reportSchema
    >['unknownToTotals'];
    const numbers = { rows, totals: totalsOf(lines, ask), rates: ratesOf(lines, ask) };
    return c.json({ ...numbers, ...freshnessOf(freshness), unknownToTotals: unknown }, 200, headers);
  });
}

// GET /conversions: conversions with their canonical status, as JSON pages or one CSV; and what became of one of them.
import { createRoute, z } from '@hono/zod-openapi';
import { CONVERSION_STATUSES } from '../core/statuses.ts';
import { type ConversionItem, conversionTimeline, listConversions } from '../store/lists-conversions.ts';
import type { PageAsk } from '../store/lists-page.ts';
import { withOrganization } from '../store/tenancy.ts';
import { type CsvColumn, csvAnswer } from './csv.ts';
import type { ApiDeps } from './deps.ts';
import { asId, idParams } from './ids.ts';
import { logFilterOf, logQuery, routeColumns, routeFields, subIdColumns, subIdsSchema, wantsCsv } from './log-query.ts';
import { listAnswer, listOf, pageAsk } from './paging.ts';
import { notFound, problemResponses } from './problems.ts';
import { createRouter, jsonAnswer } from './router.ts';
import { decimal, id, iso, maybeIso, maybeTime, time } from './wire.ts';

const text = z.string().nullable();
const amount = decimal.nullable();
const status = z.enum(CONVERSION_STATUSES);

const conversionSchema = z
  .object({
    id,
    configId: id,
    externalId: z.string(),
    clickExternalId: text,
    convertedAt: time,
    clickedAt: maybeTime,
    status,
    rawStatus: z.string(),
    reversed: z.boolean(),
    ...{ revenue: amount, payout: amount, currency: text, type: text, transactionId: text },
    ...routeFields,
    country: text,
    subIds: subIdsSchema,
    updatedAt: time,
  })
  .openapi('Conversion');

const list = createRoute({
  method: 'get',
  path: '/',
  tags: ['logs'],
  summary: 'The conversions, newest first',
  request: { query: logQuery },
  responses: {
    200: {
      description: 'A page of conversions; as text/csv all of them.',
      content: { 'application/json': { schema: listOf(conversionSchema) }, 'text/csv': { schema: z.string() } },
    },
    ...problemResponses(400),
  },
});

const momentSchema = z.object({
  seenAt: time,
  rawStatus: z.string(),
  status,
  reversed: z.boolean(),
  ...{ revenue: amount, payout: amount, currency: text },
});

const timeline = createRoute({
  method: 'get',
  path: '/{id}/timeline',
  tags: ['logs'],
  summary: 'Every state that was seen of a conversion',
  request: { params: idParams },
  responses: { 200: jsonAnswer('Oldest first.', z.array(momentSchema)), ...problemResponses() },
});

const field = (name: FlatField): CsvColumn<ConversionItem> => ({ name, of: (row) => row[name] });
type FlatField = Exclude<keyof ConversionItem, 'subIds' | keyof typeof routeFields>;

const COLUMNS: readonly CsvColumn<ConversionItem>[] = [
  ...(['id', 'configId', 'externalId', 'clickExternalId', 'convertedAt', 'clickedAt'] as const).map(field),
  ...(['status', 'rawStatus', 'reversed', 'revenue', 'payout', 'currency', 'type', 'transactionId'] as const).map(
    field,
  ),
  ...routeColumns<ConversionItem>(),
  ...(['country', 'updatedAt'] as const).map(field),
  ...subIdColumns<ConversionItem>(),
];

const toConversion = (item: ConversionItem): z.infer<typeof conversionSchema> => ({
  ...item,
  convertedAt: iso(item.convertedAt),
  clickedAt: maybeIso(item.clickedAt),
  updatedAt: iso(item.updatedAt),
});

export function conversions(deps: ApiDeps) {
  return createRouter()
    .openapi(list, async (c) => {
      const query = c.req.valid('query');
      const filter = logFilterOf(query);
      const ask = pageAsk(query);
      const read = (page: PageAsk) =>
        withOrganization(deps.db, c.var.organizationId, (tx) => listConversions(tx, filter, page));
      if (wantsCsv(c)) return csvAnswer('conversions.csv', COLUMNS, ask.after, read);
      return c.json(listAnswer(await read(ask), toConversion), 200);
    })
    .openapi(timeline, async (c) => {
      const conversionId = asId(c.req.valid('param').id);
      const moments = await withOrganization(deps.db, c.var.organizationId, (tx) =>
        conversionTimeline(tx, conversionId),
      );
      if (moments === null) throw notFound();
      return c.json(
        moments.map((moment) => ({ ...moment, seenAt: iso(moment.seenAt) })),
        200,
      );
    });
}

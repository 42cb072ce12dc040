// GET /clicks: the click log, as JSON pages or as one CSV.
import { createRoute, z } from '@hono/zod-openapi';
import { type ClickItem, listClicks } from '../store/lists-clicks.ts';
import type { PageAsk } from '../store/lists-page.ts';
import { withOrganization } from '../store/tenancy.ts';
import { type CsvColumn, csvAnswer } from './csv.ts';
import type { ApiDeps } from './deps.ts';
import { logFilterOf, logQuery, routeColumns, routeFields, subIdColumns, subIdsSchema, wantsCsv } from './log-query.ts';
import { listAnswer, listOf, pageAsk } from './paging.ts';
import { problemResponses } from './problems.ts';
import { createRouter } from './router.ts';
import { decimal, id, iso, time } from './wire.ts';

const text = z.string().nullable();
const flag = z.boolean().nullable();

const clickSchema = z
  .object({
    id,
    configId: id,
    externalId: z.string(),
    clickedAt: time,
    ...routeFields,
    ...{ cost: decimal.nullable(), revenue: decimal.nullable(), currency: text },
    ...{ country: text, region: text, city: text, deviceType: text, os: text, browser: text, ip: text },
    ...{ isBot: flag, isUnique: flag, landingClicked: flag, referrer: text },
    subIds: subIdsSchema,
    isDerived: z
      .boolean()
      .openapi({ description: 'Made from a conversion, where the tracker gives no click: not counted.' }),
  })
  .openapi('Click');

const route = createRoute({
  method: 'get',
  path: '/',
  tags: ['logs'],
  summary: 'The clicks, newest first',
  request: { query: logQuery },
  responses: {
    200: {
      description: 'A page of clicks; as text/csv all of them.',
      content: { 'application/json': { schema: listOf(clickSchema) }, 'text/csv': { schema: z.string() } },
    },
    ...problemResponses(400),
  },
});

const field = (name: FlatField): CsvColumn<ClickItem> => ({ name, of: (row) => row[name] });
type FlatField = Exclude<keyof ClickItem, 'subIds' | keyof typeof routeFields>;

const COLUMNS: readonly CsvColumn<ClickItem>[] = [
  ...(['id', 'configId', 'externalId', 'clickedAt'] as const).map(field),
  ...routeColumns<ClickItem>(),
  ...(['cost', 'revenue', 'currency', 'country', 'region', 'city', 'deviceType', 'os', 'browser', 'ip'] as const).map(
    field,
  ),
  ...(['isBot', 'isUnique', 'landingClicked', 'referrer', 'isDerived'] as const).map(field),
  ...subIdColumns<ClickItem>(),
];

const toClick = (item: ClickItem): z.infer<typeof clickSchema> => ({ ...item, clickedAt: iso(item.clickedAt) });

export function clicks(deps: ApiDeps) {
  return createRouter().openapi(route, async (c) => {
    const query = c.req.valid('query');
    const filter = logFilterOf(query);
    const ask = pageAsk(query);
    const read = (page: PageAsk) =>
      withOrganization(deps.db, c.var.organizationId, (tx) => listClicks(tx, filter, page));
    if (wantsCsv(c)) return csvAnswer('clicks.csv', COLUMNS, ask.after, read);
    return c.json(listAnswer(await read(ask), toClick), 200);
  });
}

// Daily rates of currencies, by which a report can be told in one.
import { createRoute, z } from '@hono/zod-openapi';
import { recordDeed } from '../store/audit.ts';
import type { Tx } from '../store/db.ts';
import { type GivenRate, listRates, putRates, type RatePlace } from '../store/rates.ts';
import { takeTurn, withOrganization } from '../store/tenancy.ts';
import { currency, day, positiveDecimal } from './ads-lines.ts';
import type { ApiDeps } from './deps.ts';
import { listOf, pagingQuery, readCursor, writeCursor } from './paging.ts';
import { problemResponses } from './problems.ts';
import { createRouter, jsonAnswer } from './router.ts';
import { byLine, type RejectedLine, readUpload, type UploadLine, uploadAnswer, uploadBody } from './upload.ts';
import { decimal } from './wire.ts';

const tags = ['ads'];

const columns = {
  base: currency.optional(),
  currency,
  day: day
    .optional()
    .openapi({ description: 'Without it, for every day that has no rate of its own within a week before.' }),
  rate: positiveDecimal
    .nullable()
    .openapi({ description: 'So many of `currency` are one `base`. Null, in CSV nothing, takes it back.' }),
};

const query = z.strictObject({ base: currency.optional().openapi({ description: 'Of lines that name none.' }) });

const put = createRoute({
  method: 'put',
  path: '/',
  tags,
  summary: 'Give daily rates of currencies, or fixed ones',
  description: 'Of two currencies there is one rate a day, whichever way round it is told: the one told last counts.',
  request: {
    query,
    body: uploadBody(
      z.object(columns).openapi('CurrencyRateLine'),
      'base,currency,day,rate\nEUR,USD,2026-11-01,1.0823\n',
    ),
  },
  responses: { 200: uploadAnswer, ...problemResponses(400, 413, 415) },
});

const rateSchema = z
  .object({ base: z.string(), currency: z.string(), day: z.iso.date().nullable(), rate: decimal })
  .openapi('CurrencyRate');

const list = createRoute({
  method: 'get',
  path: '/',
  tags,
  summary: 'The rates that were given, newest day first',
  request: {
    query: z.strictObject({
      ...{ ...pagingQuery, from: day.optional(), to: day.optional(), currency: currency.optional() },
    }),
  },
  responses: { 200: jsonAnswer('A page.', listOf(rateSchema)), ...problemResponses(400) },
});

/** @throws Problem */
function placeOf(cursor: string): RatePlace {
  const [on, base, other] = readCursor(cursor, z.tuple([day.nullable(), currency, currency]));
  return { day: on, base, currency: other };
}

export function rates(deps: ApiDeps) {
  return createRouter()
    .openapi(list, async (c) => {
      const { limit, cursor, ...filter } = c.req.valid('query');
      const ask = { limit, after: cursor === undefined ? null : placeOf(cursor) };
      const page = await withOrganization(deps.db, c.var.organizationId, (tx) => listRates(tx, filter, ask));
      const { items, next } = page;
      return c.json(
        { items, nextCursor: next === null ? null : writeCursor([next.day, next.base, next.currency]) },
        200,
      );
    })
    .openapi(put, async (c) => {
      const { organizationId, actor } = c.var;
      const { lines, rejected } = await readUpload(c, rateLine(c.req.valid('query').base), 'rate');
      const gathered = gather(lines);
      const keep = async (tx: Tx) => {
        await takeTurn(tx, organizationId);
        const gone = await putRates(tx, organizationId, [...gathered.rates.values()]);
        const after = { lines: gathered.accepted, takenBack: gone };
        const deed = { action: 'rates.upload', targetType: 'organization', targetId: organizationId, after };
        if (gathered.accepted > 0) await recordDeed(tx, organizationId, actor, deed);
        return gone;
      };
      const takenBack = await withOrganization(deps.db, organizationId, keep, { retries: true });
      const { accepted } = gathered;
      return c.json({ accepted, takenBack, rejected: byLine([...rejected, ...gathered.rejected]) }, 200);
    });
}

const rateLine = (usualBase: string | undefined) =>
  z.strictObject(columns).transform(({ base = usualBase, day: on = null, ...rest }, ctx): GivenRate => {
    if (base === undefined) ctx.addIssue({ code: 'custom', path: ['base'], message: 'is missing' });
    if (base === rest.currency) ctx.addIssue({ code: 'custom', path: ['currency'], message: 'is the base itself' });
    if (rest.rate !== null && Number(rest.rate) === 0)
      ctx.addIssue({ code: 'custom', path: ['rate'], message: 'must be more than 0' });
    return { base: base ?? '', day: on, ...rest };
  });

function gather(lines: readonly UploadLine<GivenRate>[]) {
  const rates = new Map<string, GivenRate>();
  const rejected: RejectedLine[] = [];
  for (const { line, row } of lines) {
    const key = `${row.base} ${row.currency} ${row.day}`;
    const before = rates.get(key);
    const isGiven = (told: GivenRate | undefined): boolean => told !== undefined && told.rate !== null;
    if (isGiven(row) && isGiven(rates.get(`${row.currency} ${row.base} ${row.day}`)))
      rejected.push({ line, message: `says the rate of ${row.base} the other way round than a line before` });
    else if (before === undefined || before.rate === row.rate) rates.set(key, row);
    else rejected.push({ line, message: `says another rate of ${row.currency} than a line before` });
  }
  return { rates, rejected, accepted: lines.length - rejected.length };
}

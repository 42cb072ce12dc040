// GET /changes: what moved in past days since a time: why yesterday is lower than it was this morning.
import { createRoute, z } from '@hono/zod-openapi';
import { AD_LEVELS } from '../core/ads.ts';
import { add } from '../core/decimal.ts';
import { CONVERSION_STATUSES } from '../core/statuses.ts';
import { DAY_MS } from '../core/windows.ts';
import { MOVES, type MovedItem, readChanges } from '../store/changes.ts';
import { listMappingChangesSince } from '../store/mapping-changes.ts';
import { readSpendChanges } from '../store/spend-changes.ts';
import { ONE_SNAPSHOT, withOrganization } from '../store/tenancy.ts';
import type { ApiDeps } from './deps.ts';
import { isUuid } from './ids.ts';
import { shownActor } from './mappings-schema.ts';
import { badInput, problemResponses } from './problems.ts';
import { createRouter, jsonAnswer } from './router.ts';
import { expectTimeZone } from './time-zone.ts';
import { decimal, id, iso, time, timeQuery } from './wire.ts';

const LONGEST_DAYS = 93;

const statusSchema = z.object({
  rawStatus: z.string(),
  status: z.enum(CONVERSION_STATUSES),
  reversed: z.boolean(),
});

const moneySchema = {
  currency: z.string(),
  conversions: z.int().openapi({ description: "By how much the report's column moved." }),
  revenue: decimal,
  approvedRevenue: decimal,
};

const itemSchema = z
  .object({
    configId: id,
    kind: z.enum(MOVES).openapi({
      description:
        '`turned`: another status; `restated`: other money alone; `late`: first seen after its day was over.',
    }),
    before: statusSchema.nullable(),
    now: statusSchema,
    moved: z.int().openapi({ description: 'Conversions that did so.' }),
    ...moneySchema,
    examples: z
      .array(z.object({ conversionId: id, timeline: z.string() }))
      .openapi({ description: 'The latest twenty.' }),
  })
  .openapi('ChangeItem');

const changesSchema = z
  .object({
    since: time,
    days: z.array(
      z.object({
        day: z.iso.date(),
        totals: z.array(z.object(moneySchema)).openapi({ description: 'One per currency.' }),
        items: z.array(itemSchema),
      }),
    ),
    spend: z
      .array(
        z.object({
          day: z.iso.date().openapi({ description: "By the clocks of the spend's own zone." }),
          platform: z.string(),
          level: z.enum(AD_LEVELS),
          currency: z.string(),
          ads: z.int().openapi({ description: 'Ads, ad sets or ad campaigns whose spend was changed.' }),
          before: decimal,
          now: decimal,
        }),
      )
      .openapi({
        description:
          "Uploaded spend of past days that was changed, the whole organisation's: how much those ads' was then, and is. Of a day the finest level counts.",
      }),
    mappings: z.array(z.object({ configId: id, changeId: id, at: time, actorName: z.string().nullable() })).openapi({
      description: 'Changed meanings of status words, true for the past too: they moved numbers by themselves.',
    }),
  })
  .openapi('Changes');

const query = z.strictObject({
  since: timeQuery,
  tz: z.string().max(100).default('UTC').openapi({ description: 'IANA time zone in which days begin.' }),
  by: z.enum(['click', 'conversion']).default('click').openapi({ description: 'Whose day a conversion is booked on.' }),
  configId: z.union([z.string(), z.array(z.string())]).optional(),
});

const route = createRoute({
  method: 'get',
  path: '/',
  tags: ['reports'],
  summary: 'What moved in past days since a time: conversions, and uploaded spend',
  description:
    'Days that are over, newest first: statuses that turned, money that was restated, conversions that came late, each with the conversions it was; and spend that was uploaded, changed or taken back. A day that was not over at that time is told from its end on.',
  request: { query },
  responses: { 200: jsonAnswer('By day.', changesSchema), ...problemResponses(400) },
});

export function changes(deps: ApiDeps) {
  return createRouter().openapi(route, async (c) => {
    const { since, tz: zone, by, configId } = c.req.valid('query');
    await expectTimeZone(deps.db, zone);
    if (deps.now().getTime() - since.getTime() > LONGEST_DAYS * DAY_MS)
      throw badInput('since', `must not be more than ${LONGEST_DAYS} days ago`);
    const configIds = typeof configId === 'string' ? [configId] : (configId ?? null);
    if (configIds !== null && !configIds.every(isUuid)) throw badInput('configId', 'must be one of our ids');
    const ask = { since, now: deps.now(), zone, by, configIds };
    const found = await withOrganization(
      deps.db,
      c.var.organizationId,
      async (tx) => ({
        items: await readChanges(tx, ask),
        spend: await readSpendChanges(tx, ask),
        mappings: await listMappingChangesSince(tx, since, configIds),
      }),
      ONE_SNAPSHOT,
    );
    const days = [...Map.groupBy(found.items, ({ day }) => day)].map(([day, items]) => ({
      day,
      totals: totalsOf(items),
      items: items.map(toItem),
    }));
    const mappings = found.mappings.map(({ configId, changeId, at, ...who }) => ({
      ...{ configId, changeId, at: iso(at), actorName: shownActor(who, c.var.role).actorName },
    }));
    return c.json({ since: iso(since), days, spend: found.spend, mappings }, 200);
  });
}

function totalsOf(items: readonly MovedItem[]) {
  return [...Map.groupBy(items, ({ currency }) => currency)].map(([currency, ones]) => ({
    currency,
    conversions: ones.reduce((sum, { conversions }) => sum + conversions, 0),
    revenue: ones.reduce((sum, { revenue }) => add(sum, revenue), '0'),
    approvedRevenue: ones.reduce((sum, { approvedRevenue }) => add(sum, approvedRevenue), '0'),
  }));
}

const toItem = ({ day: _, move, examples, ...item }: MovedItem): z.infer<typeof itemSchema> => ({
  ...item,
  kind: move,
  examples: examples.map((conversionId) => ({
    conversionId,
    timeline: `/api/v1/conversions/${conversionId}/timeline`,
  })),
});

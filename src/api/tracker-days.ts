// GET /trackers/days: the last days of every tracker in one answer: how much is in, and whether it is right.
import { createRoute, z } from '@hono/zod-openapi';
import { RECONCILIATION_STATES } from '../core/reconciliation.ts';
import { type DayRecord, readDays } from '../store/days-read.ts';
import { withOrganization } from '../store/tenancy.ts';
import type { ApiDeps } from './deps.ts';
import { asId } from './ids.ts';
import { problemResponses } from './problems.ts';
import { createRouter, jsonAnswer } from './router.ts';
import { id } from './wire.ts';

const MOST_DAYS = 90;

const pair = z.object({ ours: z.int(), theirs: z.int() }).nullable();
const daySchema = z.object({
  day: z.iso.date().openapi({ description: 'In UTC.' }),
  filled: z
    .number()
    .nullable()
    .openapi({ description: 'From 0 to 1: how much is in. Null where it was never asked for.' }),
  isRunning: z.boolean().openapi({ description: 'Being read now.' }),
  state: z.enum(RECONCILIATION_STATES).nullable().openapi({ description: 'Null where it was not compared yet.' }),
  clicks: pair.openapi({ description: "Ours and the tracker's, at the latest comparison." }),
  conversions: pair,
});
const trackerDaysSchema = z.object({ configId: id, days: z.array(daySchema) }).openapi('TrackerDays');

const route = createRoute({
  method: 'get',
  path: '/days',
  tags: ['trackers'],
  summary: 'How much of each of the last days is in, and whether it equals the tracker',
  request: {
    query: z.strictObject({
      days: z.coerce.number().int().min(1).max(MOST_DAYS).default(30),
      configId: z.string().optional(),
    }),
  },
  responses: { 200: jsonAnswer('Oldest day first.', z.array(trackerDaysSchema)), ...problemResponses(400) },
});

export function trackerDays(deps: ApiDeps) {
  return createRouter().openapi(route, async (c) => {
    const { days, configId } = c.req.valid('query');
    const one = configId === undefined ? null : asId(configId);
    const records = await withOrganization(deps.db, c.var.organizationId, (tx) => readDays(tx, days, one), {
      access: 'read only',
    });
    const byConfig = Map.groupBy(records, (record) => record.configId);
    return c.json(
      [...byConfig].map(([configId, ofConfig]) => ({ configId, days: ofConfig.map(toDay) })),
      200,
    );
  });
}

function toDay(record: DayRecord): z.infer<typeof daySchema> {
  const { day, filled, isRunning, state, ourClicks, theirClicks, ourConversions, theirConversions } = record;
  const pairOf = (ours: number | null, theirs: number | null) =>
    ours === null || theirs === null ? null : { ours, theirs };
  return {
    ...{ day, filled, isRunning, state },
    clicks: pairOf(ourClicks, theirClicks),
    conversions: pairOf(ourConversions, theirConversions),
  };
}

// GET /reconciliation: our figures beside the tracker's own, day by day, with the size and the reason of what differs.
import { createRoute, z } from '@hono/zod-openapi';
import { RECONCILED_COLUMNS, RECONCILIATION_STATES } from '../core/reconciliation.ts';
import { DAY_MS } from '../core/windows.ts';
import {
  RECONCILIATION_GROUPS,
  type ReconciliationAsk,
  type ReconciliationItem,
  readReconciliation,
  type UncomparedConfig,
  uncomparedConfigs,
} from '../store/reconciliation-read.ts';
import { withOrganization } from '../store/tenancy.ts';
import type { ApiDeps } from './deps.ts';
import { isUuid } from './ids.ts';
import { entity } from './log-query.ts';
import { badInput, problemResponses } from './problems.ts';
import { createRouter, jsonAnswer } from './router.ts';
import { decimal, id, iso, maybeIso, maybeTime, timeQuery } from './wire.ts';

const USUAL_DAYS = 31;
const NO_TOTALS = 'the tracker gives no totals of its own';
const LONGEST_DAYS = 400;

const amount = z
  .union([z.int(), decimal])
  .openapi({ description: 'A number for counts, an exact decimal as text for money.' });

const itemSchema = z
  .object({
    configId: id,
    day: z.iso.date().nullable().openapi({ description: 'In UTC; null where days are summed.' }),
    campaign: entity.nullable().openapi({ description: 'Null where campaigns are summed, and for clicks of none.' }),
    column: z.enum(RECONCILED_COLUMNS),
    currency: z.string().nullable().openapi({ description: 'Of money; null for counts.' }),
    ours: amount.nullable().openapi({ description: 'Null, as theirs, where a connection was never compared.' }),
    theirs: amount.nullable(),
    difference: amount.nullable().openapi({ description: 'Ours less theirs.' }),
    state: z.enum(RECONCILIATION_STATES).openapi({ description: 'The worst of what is summed.' }),
    reason: z.string().nullable(),
    checkedAt: maybeTime.openapi({ description: 'The earliest check of what is summed.' }),
    rereadAt: maybeTime.openapi({ description: 'When of it was last read again what differed.' }),
  })
  .openapi('ReconciliationItem');

const query = z.strictObject({
  configId: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .openapi({ description: 'Repeat it for several.' }),
  from: timeQuery.optional().openapi({ description: `${USUAL_DAYS} days before to, where not given.` }),
  to: timeQuery.optional().openapi({ description: 'Days that begin before it; now, where not given.' }),
  groupBy: z.enum(RECONCILIATION_GROUPS).default('day').openapi({ description: 'Configs are never summed.' }),
  column: z.enum(RECONCILED_COLUMNS).optional(),
  state: z.enum(RECONCILIATION_STATES).optional(),
});

const route = createRoute({
  method: 'get',
  path: '/',
  tags: ['reports'],
  summary: "Our figures beside the tracker's own totals",
  description:
    "Clicks and cost by the click's UTC day, conversions and revenue booked on their click's day. Compared hourly for the last three days, nightly for thirty; a day that differs is read again by itself.",
  request: { query },
  responses: {
    200: jsonAnswer('An item per column, by config, day and campaign.', z.array(itemSchema)),
    ...problemResponses(400),
  },
});

export function reconciliation(deps: ApiDeps) {
  return createRouter().openapi(route, async (c) => {
    const ask = askOf(c.req.valid('query'), deps.now());
    const { items, uncompared } = await withOrganization(deps.db, c.var.organizationId, async (tx) => ({
      items: await readReconciliation(tx, ask),
      uncompared: await uncomparedConfigs(tx, ask.configIds),
    }));
    const isAskedFor = ask.state === undefined || ask.state === 'explained';
    const unknown = isAskedFor ? uncompared.flatMap((one) => withoutFigures(one, ask, deps)) : [];
    return c.json([...items.map(toItem), ...unknown], 200);
  });
}

/** @throws Problem */
function askOf({ configId, from, to, ...rest }: z.output<typeof query>, now: Date): ReconciliationAsk {
  const end = to ?? now;
  const range = { from: from ?? new Date(end.getTime() - USUAL_DAYS * DAY_MS), to: end };
  if (range.from >= range.to) throw badInput('to', 'must be after from');
  if (range.to.getTime() - range.from.getTime() > LONGEST_DAYS * DAY_MS)
    throw badInput('from', `must not be more than ${LONGEST_DAYS} days before to`);
  const configIds = typeof configId === 'string' ? [configId] : (configId ?? null);
  if (configIds !== null && !configIds.every(isUuid)) throw badInput('configId', 'must be one of our ids');
  return { ...rest, range, configIds };
}

function toItem(item: ReconciliationItem): z.infer<typeof itemSchema> {
  const isMoney = item.column === 'cost' || item.column === 'revenue';
  const told = (value: string): string | number => (isMoney ? value : Number(value));
  return {
    ...item,
    ...{ ours: told(item.ours), theirs: told(item.theirs), difference: told(item.difference) },
    checkedAt: iso(item.checkedAt),
    rereadAt: maybeIso(item.rereadAt),
  };
}

/** Of a connection that was never compared there is the reason alone, for every column. */
function withoutFigures(
  { configId, type, reason, hasLogs }: UncomparedConfig,
  { column }: ReconciliationAsk,
  { adapters }: ApiDeps,
): z.infer<typeof itemSchema>[] {
  const hasTotals = adapters[type]?.totals !== undefined;
  const why = hasTotals ? (reason ?? (hasLogs ? 'not compared yet' : 'nothing is read yet')) : NO_TOTALS;
  const columns = column === undefined ? RECONCILED_COLUMNS : [column];
  return columns.map((one) => ({
    ...{ configId, day: null, campaign: null, column: one, currency: null },
    ...{ ours: null, theirs: null, difference: null, state: 'explained', reason: why },
    ...{ checkedAt: null, rereadAt: null },
  }));
}

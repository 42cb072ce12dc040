// GET /reports/paths: which way clicks went from an ad to a conversion, as nodes and links between levels.
import { createRoute, z } from '@hono/zod-openapi';
import { hasWholeClickLog } from '../adapters/index.ts';
import { gatherPaths, type PathNumbers, type Stop } from '../core/paths.ts';
import { readReport } from '../store/reports.ts';
import type { ReportRow } from '../store/reports-ask.ts';
import { reportFreshness } from '../store/reports-freshness.ts';
import { ONE_SNAPSHOT, withOrganization } from '../store/tenancy.ts';
import type { ApiDeps } from './deps.ts';
import { badInput, problemResponses } from './problems.ts';
import { freshnessFields, freshnessOf } from './reports-answer.ts';
import { reportAskOf, reportQuery } from './reports-query.ts';
import { createRouter, jsonAnswer } from './router.ts';
import { expectTimeZone } from './time-zone.ts';
import { decimal } from './wire.ts';

/** In the order in which a click passes them; the conversions' statuses end every way. */
const LEVELS = ['ad', 'campaign', 'flow', 'landingPage', 'offer'] as const;
type Level = (typeof LEVELS)[number];
const NODE_LEVELS = [...LEVELS, 'conversion'] as const;
const MOST_WAYS = 10_000;
/** What became of all ways, those beyond the busiest too: of none a conversion is lost. */
const MOST_ENDS = 1_000_000;

const numbers = {
  currency: z.string(),
  clicks: z.int(),
  conversions: z.int().openapi({ description: 'At a status: those that have it, rejected ones too.' }),
  ...{ revenue: decimal, cost: decimal },
  share: z.number().nullable().openapi({ description: "Percent of its level's clicks; of conversions at a status." }),
};

const nodeSchema = z.object({
  node: z.string().openapi({ example: 'offer:17' }),
  level: z.enum(NODE_LEVELS),
  key: z.string().openapi({ description: "The tracker's id, a status, or `other` for ways beyond `top`." }),
  id: z.string().nullable(),
  externalId: z
    .string()
    .nullable()
    .openapi({ description: "The tracker's id; of an ad, the platform's: what `filter.ad` takes." }),
  label: z.string().nullable(),
  ...numbers,
});
const linkSchema = z.object({ source: z.string(), target: z.string(), ...numbers });

const pathsSchema = z
  .object({
    nodes: z.array(nodeSchema).openapi({ description: 'One per currency, level by level, the largest first.' }),
    links: z
      .array(linkSchema)
      .openapi({ description: 'Between neighbours; a level that a click did not pass is skipped.' }),
    ...freshnessFields,
  })
  .openapi('Paths');

const query = reportQuery.omit({ groupBy: true, sort: true, compare: true, top: true }).extend({
  levels: z
    .string()
    .max(200)
    .default(LEVELS.join(','))
    .openapi({ description: 'Levels, comma-separated, in any order.', example: 'campaign,offer' }),
  top: z.coerce.number().int().min(1).max(MOST_WAYS).default(1_000).openapi({
    description: 'Ways at most, the busiest first; the rest is `other` at every level.',
  }),
});

const route = createRoute({
  method: 'get',
  path: '/paths',
  tags: ['reports'],
  summary: 'The ways from ads over campaigns, flows, landing pages and offers to conversions',
  request: { query },
  responses: {
    200: jsonAnswer('Nodes and links, as a Sankey diagram draws them.', pathsSchema),
    ...problemResponses(400),
  },
});

export function paths(deps: ApiDeps) {
  const typesWithoutClickLog = Object.values(deps.adapters)
    .filter((adapter) => !hasWholeClickLog(adapter))
    .map(({ type }) => type);
  return createRouter().openapi(route, async (c) => {
    const { levels: given, top, ...rest } = c.req.valid('query');
    const levels = levelsOf(given);
    const usual = { groupBy: levels.join(','), sort: '-clicks', top };
    const types = Object.keys(deps.adapters);
    const ask = { ...reportAskOf({ ...rest, ...usual }, deps.now(), types), typesWithoutClickLog };
    await expectTimeZone(deps.db, ask.zone);
    const { ways, statuses, freshness } = await withOrganization(
      deps.db,
      c.var.organizationId,
      async (tx) => ({
        ways: await readReport(tx, ask),
        statuses: await readReport(tx, { ...ask, groupBy: [...ask.groupBy, 'status'], top: MOST_ENDS }),
        freshness: await reportFreshness(tx, ask),
      }),
      ONE_SNAPSHOT,
    );
    return c.json({ ...drawn(ways, statuses, levels), ...freshnessOf(freshness) }, 200);
  });
}

/** @throws Problem */
function levelsOf(given: string): Level[] {
  const names = given.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !LEVELS.some((level) => level === name));
  if (unknown !== undefined)
    throw badInput('levels', `${unknown || 'an empty name'} is no level; there are ${LEVELS.join(', ')}`);
  return LEVELS.filter((level) => names.includes(level));
}

function drawn(ways: readonly ReportRow[], statuses: readonly ReportRow[], levels: readonly Level[]) {
  const paths = gatherPaths();
  const own = new Set<string>();
  for (const row of ways) {
    if (row.kind !== 'row' && row.kind !== 'rest') continue;
    const stops = stopsOf(row, levels);
    own.add(wayOf(stops, row.currency));
    paths.through(stops, row.currency, numbersOf(row));
  }
  for (const row of statuses) {
    if (row.kind !== 'row') continue;
    const stops = stopsOf(row, levels);
    // A way beyond the busiest is no way of its own.
    const ending = own.has(wayOf(stops, row.currency)) ? stops.at(-1) : levels.map(otherStop).at(-1);
    const { approved, pending, hold, rejected, revenue } = row.now;
    const status = String(row.keys.status);
    const conversions = approved + pending + hold + rejected;
    paths.onward(ending, { level: 'conversion', key: status, label: null, id: null, externalId: null }, row.currency, {
      ...{ clicks: 0, conversions, revenue, cost: '0' },
    });
  }
  return withShares(paths.nodes(), paths.links());
}

const wayOf = (stops: readonly Stop[], currency: string): string =>
  JSON.stringify([currency, ...stops.map(({ level, key }) => [level, key])]);
const otherStop = (level: string): Stop => ({ level, key: 'other', label: null, id: null, externalId: null });

/** A level at which a row names nothing was not passed. */
function stopsOf({ kind, keys }: ReportRow, levels: readonly Level[]): Stop[] {
  if (kind === 'rest') return levels.map(otherStop);
  return levels.flatMap((level): Stop[] => {
    const key = keys[level];
    if (key === null || key === undefined) return [];
    if (typeof key === 'string') return [{ level, key, label: null, id: null, externalId: null }];
    return [{ level, key: key.id ?? key.externalId, label: key.name, id: key.id, externalId: key.externalId }];
  });
}

const numbersOf = ({ now }: ReportRow): PathNumbers => ({
  clicks: now.clicks,
  conversions: now.conversions,
  revenue: now.revenue,
  cost: now.cost,
});

type Drawn = {
  nodes: ReturnType<ReturnType<typeof gatherPaths>['nodes']>;
  links: ReturnType<ReturnType<typeof gatherPaths>['links']>;
};

function withShares(nodes: Drawn['nodes'], links: Drawn['links']) {
  const levelOf = (node: string): string => node.slice(0, node.indexOf(':'));
  const totals = new Map<string, PathNumbers>();
  for (const { level, currency, clicks, conversions, revenue, cost } of nodes) {
    const before = totals.get(`${level} ${currency}`);
    const sum = { clicks: clicks + (before?.clicks ?? 0), conversions: conversions + (before?.conversions ?? 0) };
    totals.set(`${level} ${currency}`, { ...sum, revenue, cost });
  }
  const shareOf = (
    level: string,
    { currency, clicks, conversions }: PathNumbers & { currency: string },
  ): number | null => {
    const all = totals.get(`${level} ${currency}`);
    const [part, whole] = level === 'conversion' ? [conversions, all?.conversions] : [clicks, all?.clicks];
    return whole === undefined || whole === 0 ? null : Math.round((1_000_000 * part) / whole) / 10_000;
  };
  const order = (level: string): number => (NODE_LEVELS as readonly string[]).indexOf(level);
  return {
    nodes: nodes
      .map((node) => ({ ...node, level: node.level as (typeof NODE_LEVELS)[number], share: shareOf(node.level, node) }))
      .toSorted(
        (a, b) =>
          order(a.level) - order(b.level) ||
          b.clicks - a.clicks ||
          b.conversions - a.conversions ||
          (a.node < b.node ? -1 : 1),
      ),
    links: links
      .map((link) => ({ ...link, share: shareOf(levelOf(link.target), link) }))
      .toSorted(
        (a, b) =>
          order(levelOf(a.source)) - order(levelOf(b.source)) || b.clicks - a.clicks || (a.target < b.target ? -1 : 1),
      ),
  };
}

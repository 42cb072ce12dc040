// A report in plain SQL over the logs, row by row and without any roll-up: what the real one is held against.
import { sql } from 'kysely';
import type { Tx } from '../../src/store/db.ts';
import type { ReportAsk } from '../../src/store/reports.ts';
import type { ReportDimension, Source } from '../../src/store/reports-dimensions.ts';

const COLUMNS: Partial<Record<ReportDimension, string>> = {
  campaign: 'campaign_external_id',
  offer: 'offer_external_id',
  landingPage: 'landing_page_external_id',
  flow: 'flow_external_id',
  trafficSource: 'traffic_source_external_id',
  affiliateNetwork: 'affiliate_network_external_id',
};
const VISITOR: Partial<Record<ReportDimension, string>> = {
  country: 'country',
  deviceType: 'device_type',
  os: 'os',
  browser: 'browser',
};

function keyOf(name: ReportDimension, source: Source, zone: string): string {
  const local = `(at at time zone '${zone}')`;
  const entity = COLUMNS[name];
  if (entity !== undefined) return `l.${entity}`;
  const visitor = VISITOR[name];
  if (visitor === 'country') return source === 'click' ? 'l.country' : 'coalesce(l.country, k.country)';
  if (visitor !== undefined) return source === 'click' ? `l.${visitor}` : `k.${visitor}`;
  if (name === 'config') return 'l.tracker_config_id::text';
  if (name === 'trackerType') return 't.type';
  if (name === 'status') return source === 'click' ? 'null' : 'l.status';
  if (name === 'rawStatus') return source === 'click' ? 'null' : 'lower(l.raw_status)';
  if (name === 'day') return `to_char(${local}, 'YYYY-MM-DD')`;
  if (name === 'week') return `to_char(date_trunc('week', ${local}), 'YYYY-MM-DD')`;
  if (name === 'month') return `to_char(${local}, 'YYYY-MM')`;
  if (name === 'hour') {
    const offset = `(${local} - (at at time zone 'UTC'))`;
    return `to_char(${local}, 'YYYY-MM-DD"T"HH24:00') || case when ${offset} < interval '0' then '-' else '+' end || to_char(greatest(${offset}, -${offset}), 'HH24:MI')`;
  }
  return `l.sub_ids ->> '${name.slice('subId'.length)}'`;
}

const literal = (value: string): string => `'${value.replaceAll("'", "''")}'`;

function filterOf(name: ReportDimension, values: readonly string[], source: Source, zone: string): string {
  const entity = COLUMNS[name];
  const list = values.map((value) => literal(name === 'rawStatus' ? value.toLowerCase() : value)).join(', ');
  if (entity !== undefined) {
    const table = entity.replace('_external_id', '');
    return `exists (select from ${table} e where e.tracker_config_id = l.tracker_config_id and e.external_id = l.${entity} and e.id in (${list}))`;
  }
  // A click has no status to be left out by.
  if (source === 'click' && (name === 'status' || name === 'rawStatus')) return 'true';
  return `(${keyOf(name, source, zone)}) in (${list})`;
}

const SUMS = `
  count(*) filter (where source = 'click') as clicks,
  count(*) filter (where source = 'click' and is_unique) as "uniqueClicks",
  count(*) filter (where source = 'click' and is_bot) as "botClicks",
  count(*) filter (where source = 'click' and landing_clicked) as "landingClicks",
  coalesce(sum(cost), 0) as cost,
  count(*) filter (where status = 'approved') as approved, count(*) filter (where status = 'pending') as pending,
  count(*) filter (where status = 'rejected') as rejected, count(*) filter (where status = 'hold') as hold,
  count(*) filter (where reversed) as reversed,
  coalesce(sum(revenue) filter (where status in ('approved', 'pending', 'hold')), 0) as revenue,
  coalesce(sum(revenue) filter (where status = 'approved'), 0) as "approvedRevenue"`;

/** Sums are compared as text of numerics: exact. */
export async function plainReport(tx: Tx, ask: ReportAsk): Promise<{ rows: PlainSums[]; totals: PlainSums[] }> {
  const lengthMs = ask.to.getTime() - ask.from.getTime();
  const periods = ask.comparesPrevious ? [0, lengthMs] : [0];
  const facts = periods.flatMap((shiftMs) =>
    (['click', 'conversion'] as const).map((source) => factsOf(ask, source, shiftMs)),
  );
  const group =
    ask.groupBy.length === 0 ? `''` : `concat(${ask.groupBy.map((_, i) => `coalesce(d${i}, '∅')`).join(", ' / ', ")})`;
  const isPlaced = ask.groupBy.some((name) => name === 'status' || name === 'rawStatus')
    ? `source = 'conversion'`
    : 'true';
  const select = (key: string, where: string) => `
    select ${key} as keys, currency, period, ${SUMS} from (${facts.join(' union all ')}) f where ${where} group by 1, 2, 3 order by 1, 2, 3`;
  const read = async (statement: string) => (await sql<PlainSums>`${sql.raw(statement)}`.execute(tx)).rows;
  return { rows: await read(select(group, isPlaced)), totals: await read(select(`''`, 'true')) };
}

export type PlainSums = { keys: string; currency: string; period: string } & Record<string, string | number>;

function factsOf(ask: ReportAsk, source: Source, shiftMs: number): string {
  const { by, from, to, groupBy, filters, zone } = ask;
  const time =
    source === 'click'
      ? 'l.clicked_at'
      : by === 'click'
        ? 'coalesce(l.clicked_at, k.clicked_at, l.converted_at)'
        : 'l.converted_at';
  const from_ =
    source === 'click'
      ? 'click l'
      : 'conversion_with_status l left join click k on k.tracker_config_id = l.tracker_config_id and k.external_id = l.click_external_id';
  const keys = groupBy.map((name, i) => `(${keyOf(name, source, zone)})::text as d${i}, `).join('');
  const conditions = filters.map(({ dimension, values }) => filterOf(dimension, values, source, zone));
  const own =
    source === 'click'
      ? 'l.is_unique, l.is_bot, l.landing_clicked, l.cost, null::text as status, null::boolean as reversed, null::numeric as revenue'
      : 'null::boolean as is_unique, null::boolean as is_bot, null::boolean as landing_clicked, null::numeric as cost, l.status, l.reversed, l.revenue';
  return `
    select '${source}' as source, '${shiftMs === 0 ? 'now' : 'previous'}' as period, ${keys}
      coalesce(l.currency, t.settings ->> 'currency', 'USD') as currency, ${own}
    from ${from_} join tracker_config t on t.id = l.tracker_config_id
    cross join lateral (select ${time} + interval '${shiftMs} milliseconds' as at) moved
    where t.desired_state <> 'deleting' and at >= '${from.toISOString()}' and at < '${to.toISOString()}'
      ${source === 'click' ? 'and not l.is_derived' : ''} ${conditions.map((condition) => `and ${condition}`).join(' ')}`;
}

// A report in plain SQL over the logs, row by row and without any roll-up: what the real one is held against.
import { sql } from 'kysely';
import type { Tx } from '../../src/store/db.ts';
import type { ReportAsk } from '../../src/store/reports-ask.ts';
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

/** An empty text is no value. */
const keyOf = (name: ReportDimension, source: Source, zone: string): string =>
  `nullif((${storedKeyOf(name, source, zone)})::text, '')`;

function storedKeyOf(name: ReportDimension, source: Source, zone: string): string {
  const local = `(at at time zone '${zone}')`;
  const column = COLUMNS[name] ?? VISITOR[name];
  if (column !== undefined) return ownOr(source, column, name in VISITOR && name !== 'country' ? `k.${column}` : null);
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
  if (name === 'ad' || name === 'adSet' || name === 'adCampaign') return `x.${AD_COLUMNS[name]}`;
  return ownOr(source, `sub_ids ->> '${name.slice('subId'.length)}'`);
}

/** What a conversion does not tell itself, its click tells; of the visitor a conversion knows the country alone. */
function ownOr(source: Source, column: string, ofConversion: string | null = null): string {
  if (source === 'click') return `l.${column}`;
  return ofConversion ?? `coalesce(l.${column}, k.${column})`;
}

const AD_COLUMNS = { ad: 'ad', adSet: 'ad_set', adCampaign: 'ad_campaign' } as const;

/** The ad of a row under `l`, whose sub-ids and campaign are told by each of the relations, the first one that knows. */
const chainOf = (...relations: string[]): string => {
  const subIds = relations.map((relation) => `${relation}.sub_ids`);
  const campaign = `coalesce(${relations.map((relation) => `${relation}.campaign_external_id`).join(', ')})`;
  const told = (role: string): string => {
    const subId = `(select sub_id::text from sub_id_map r where r.tracker_config_id = l.tracker_config_id and r.role = '${role}')`;
    return `coalesce(${subIds.map((one) => `real_value(${one} ->> ${subId})`).join(', ')})`;
  };
  return `cross join lateral (
    select ${told('ad')} as ad,
      coalesce((select ad_set_external_id from ad where level = 'ad' and external_id = ${told('ad')}), ${told('ad_set')}) as ad_set,
      coalesce((select ad_campaign_external_id from ad where level = 'ad' and external_id = ${told('ad')}),
        (select ad_campaign_external_id from ad where level = 'ad_set' and external_id = coalesce(
          (select ad_set_external_id from ad where level = 'ad' and external_id = ${told('ad')}), ${told('ad_set')})), ${told('ad_campaign')},
        (select ad_campaign_external_id from ad_campaign_map a where a.tracker_config_id = l.tracker_config_id
          and a.campaign_external_id = ${campaign})) as ad_campaign
  ) x`;
};

/** Clicks with their ad, and with the spend that takes the place of their cost, if there is any. */
const CHAINED = `(
  select l.*, x.ad, x.ad_set, x.ad_campaign, sp.key as spend_key, sp.amount, sp.currency as spend_currency,
    count(*) over (partition by sp.key) as sharers
  from click l join tracker_config g on g.id = l.tracker_config_id and g.desired_state <> 'deleting' ${chainOf('l')}
  left join lateral (
    select concat(s.level, s.external_id, s.day) as key, s.amount, s.currency from ad_spend_counted s
    where s.day = (l.clicked_at at time zone s.zone)::date and s.external_id =
      case s.level when 'ad' then x.ad when 'ad_set' then x.ad_set else x.ad_campaign end
    order by array_position(array['ad', 'ad_set', 'ad_campaign'], s.level) limit 1
  ) sp on true
  where not l.is_derived
)`;

const literal = (value: string): string => `'${value.replaceAll("'", "''")}'`;

function filterOf(name: ReportDimension, values: readonly string[], source: Source, zone: string): string {
  // A click has no status to be left out by.
  if (source === 'click' && (name === 'status' || name === 'rawStatus')) return 'true';
  const entity = COLUMNS[name];
  const key = keyOf(name, source, zone);
  const alternatives = values.map((value) => {
    if (value === '') return `(${key}) is null`;
    if (entity === undefined) return `(${key}) = ${literal(name === 'rawStatus' ? value.toLowerCase() : value)}`;
    const table = entity.replace('_external_id', '');
    return `exists (select from ${table} e where e.tracker_config_id = l.tracker_config_id and e.external_id = ${key} and e.id = ${literal(value)})`;
  });
  return `(${alternatives.join(' or ')})`;
}

const isOfTime = (name: ReportDimension): boolean => ['hour', 'day', 'week', 'month'].includes(name);

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
  const periods = ask.comparesPrevious ? [NO_SHIFT, shiftOf(ask)] : [NO_SHIFT];
  const facts = periods.flatMap((shift) => [
    ...(['click', 'conversion'] as const).map((source) => factsOf(ask, source, shift)),
    ...spendOf(ask, shift),
  ]);
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

/** A time moved onto the asked period, as SQL. */
type Shift = (time: string) => string;
const NO_SHIFT: Shift = (time) => time;

/** From midnight to midnight: by as many days of the zone; else by as much time. */
function shiftOf({ from, to, zone }: ReportAsk): Shift {
  const isMidnight = (at: Date) =>
    at.toLocaleTimeString('en-GB', { timeZone: zone }) === '00:00:00' && +at % 1_000 === 0;
  const ms = to.getTime() - from.getTime();
  if (!isMidnight(from) || !isMidnight(to)) return (time) => `${time} + interval '${ms} milliseconds'`;
  const days = Math.round(ms / 86_400_000);
  return (time) => `((${time} at time zone '${zone}') + interval '${days} days') at time zone '${zone}'`;
}
const periodOf = (shift: Shift): string => (shift === NO_SHIFT ? 'now' : 'previous');

export type PlainSums = { keys: string; currency: string; period: string } & Record<string, string | number>;

function factsOf(ask: ReportAsk, source: Source, shift: Shift): string {
  const time =
    source === 'click'
      ? 'l.clicked_at'
      : ask.by === 'click'
        ? 'coalesce(l.clicked_at, k.clicked_at, l.converted_at)'
        : 'l.converted_at';
  const rows =
    source === 'click'
      ? `${CHAINED} l cross join lateral (select l.ad, l.ad_set, l.ad_campaign) x`
      : `conversion_with_status l left join click k on k.tracker_config_id = l.tracker_config_id and k.external_id = l.click_external_id
        ${chainOf('l', 'k')}`;
  const own =
    source === 'click'
      ? `l.is_unique, l.is_bot, l.landing_clicked, case when l.spend_key is null then l.cost end as cost,
        null::text as status, null::boolean as reversed, null::numeric as revenue`
      : 'null::boolean as is_unique, null::boolean as is_bot, null::boolean as landing_clicked, null::numeric as cost, l.status, l.reversed, l.revenue';
  return factsFrom(ask, source, source, shift, { rows, time, own, currency: 'l.currency' });
}

const OF_SPEND = `null::boolean as is_unique, null::boolean as is_bot, null::boolean as landing_clicked, COST as cost,
  null::text as status, null::boolean as reversed, null::numeric as revenue`;

/** Each click's share; and what no click has, under its ad and in the middle of its day. */
function spendOf(ask: ReportAsk, shift: Shift): string[] {
  const shares = factsFrom(ask, 'click', 'spend', shift, {
    rows: `${CHAINED} l cross join lateral (select l.ad, l.ad_set, l.ad_campaign) x`,
    time: 'l.clicked_at',
    own: OF_SPEND.replace('COST', 'l.amount / l.sharers'),
    currency: 'l.spend_currency',
    where: 'l.spend_key is not null',
  });
  if (ask.filters.some(({ dimension }) => ['config', 'trackerType', 'status', 'rawStatus'].includes(dimension)))
    return [shares];
  const day = `(at at time zone '${ask.zone}')`;
  const of: Partial<Record<ReportDimension, string>> = {
    ad: 's.ad_external_id',
    adSet: 's.ad_set_external_id',
    adCampaign: 's.ad_campaign_external_id',
    day: `to_char(${day}, 'YYYY-MM-DD')`,
    week: `to_char(date_trunc('week', ${day}), 'YYYY-MM-DD')`,
    month: `to_char(${day}, 'YYYY-MM')`,
  };
  const keys = ask.groupBy.map((name, i) => `(${of[name] ?? 'null'})::text as d${i}, `);
  const filters = ask.filters.map(
    ({ dimension, values }) =>
      ` and coalesce((${of[dimension] ?? 'null'})::text, ${isOfTime(dimension) ? 'null' : `''`}) in (${values.map(literal).join(', ')})`,
  );
  const clickless = `
    select 'spend' as source, '${periodOf(shift)}' as period, ${keys.join('')} s.currency, ${OF_SPEND.replace('COST', 's.amount')}
    from ad_spend_counted s cross join lateral (select ${shift("((s.day::timestamp at time zone s.zone) + interval '12 hours')")} as at) moved
    where at >= '${ask.from.toISOString()}' and at < '${ask.to.toISOString()}'
      and concat(s.level, s.external_id, s.day) not in (select spend_key from ${CHAINED} c where spend_key is not null) ${filters.join('')}`;
  return [shares, clickless];
}

interface Rows {
  rows: string;
  time: string;
  own: string;
  currency: string;
  where?: string;
}

function factsFrom(ask: ReportAsk, source: Source, name: string, shift: Shift, given: Rows): string {
  const { from, to, groupBy, filters, zone } = ask;
  const { rows, time, own, currency, where = 'true' } = given;
  const keys = groupBy.map((dimension, i) => `(${keyOf(dimension, source, zone)})::text as d${i}, `).join('');
  const conditions = filters.map(({ dimension, values }) => filterOf(dimension, values, source, zone));
  return `
    select '${name}' as source, '${periodOf(shift)}' as period, ${keys}
      coalesce(${currency}, t.settings ->> 'currency', 'USD') as currency, ${own}
    from ${rows} join tracker_config t on t.id = l.tracker_config_id
    cross join lateral (select ${shift(time)} as at) moved
    where t.desired_state <> 'deleting' and at >= '${from.toISOString()}' and at < '${to.toISOString()}' and ${where}
      ${conditions.map((condition) => `and ${condition}`).join(' ')}`;
}

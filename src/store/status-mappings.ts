// What a connection's status words mean: the map beside the words that were seen, and a person's changes of it.
import { sql } from 'kysely';
import type { ConversionStatus, StatusMeaning } from '../core/statuses.ts';
import type { Tx } from './db.ts';
import type { MappingDelta } from './mapping-changes.ts';

export interface StatusMapping {
  /** As the tracker spells it, by its newest conversion; in lower case where none is here. */
  rawStatus: string;
  status: ConversionStatus;
  reversed: boolean;
  /** Nobody has changed it. */
  isDefault: boolean;
  isMapped: boolean;
  conversions: number;
  revenue: string;
  currency: string;
  lastSeenAt: Date | null;
}

/** Every word that is mapped or was seen, by currency; the unmapped ones first. */
export async function readStatusMappings(tx: Tx, configId: string): Promise<StatusMapping[]> {
  const { rows } = await sql<StatusMapping>`
    with spelled as (
      select raw_status, currency, count(*) as conversions, sum(revenue) as revenue, max(converted_at) as last_seen_at
      from conversion where tracker_config_id = ${configId}::uuid group by raw_status, currency
    ), seen as (
      select lower(raw_status) as word, currency, (array_agg(raw_status order by last_seen_at desc, raw_status))[1] as spelling,
        sum(conversions) as conversions, sum(revenue) as revenue, max(last_seen_at) as last_seen_at
      from (select raw_status, coalesce(s.currency, t.settings ->> 'currency', 'USD') as currency, conversions, revenue, last_seen_at
        from spelled s join tracker_config t on t.id = ${configId}::uuid) s
      group by 1, 2
    ), mapped as (
      select m.*, coalesce(t.settings ->> 'currency', 'USD') as usual_currency
      from status_map m join tracker_config t on t.id = m.tracker_config_id where m.tracker_config_id = ${configId}::uuid
    )
    select coalesce(s.spelling, m.raw_status) as "rawStatus", coalesce(m.status, 'pending') as status,
      coalesce(m.reversed, false) as reversed, coalesce(m.is_default, true) as "isDefault",
      m.raw_status is not null as "isMapped", coalesce(s.conversions, 0)::int as conversions,
      trim_scale(coalesce(s.revenue, 0))::text as revenue, coalesce(s.currency, m.usual_currency) as currency,
      s.last_seen_at as "lastSeenAt"
    from seen s full join mapped m on m.raw_status = s.word
    order by m.raw_status is not null, 6 desc, coalesce(s.word, m.raw_status), 8`.execute(tx);
  return rows;
}

/**
 * Words without a meaning, of every connection that has any, the tracker's spelling. Sums know them; of hours that are not
 * summed yet, the log does.
 */
export async function readUnmapped(tx: Tx): Promise<{ configId: string; rawStatuses: string[] }[]> {
  const { rows } = await sql<{ configId: string; rawStatuses: string[] }>`
    with seen as (
      select tracker_config_id, raw_status as word, spelling from conversion_day
      where dimension = 'config' and by_time = 'conversion'
      union all
      select c.tracker_config_id, lower(c.raw_status), c.raw_status
      from (select distinct organization_id, tracker_config_id, hour from rollup_mark where source = 'conversion') m
      join conversion c on c.organization_id = m.organization_id and c.tracker_config_id = m.tracker_config_id
        and c.converted_at >= m.hour and c.converted_at < m.hour + interval '1 hour'
    ), words as (
      select s.tracker_config_id, s.word, max(s.spelling) as spelling from seen s
      join tracker_config t on t.id = s.tracker_config_id and t.desired_state <> 'deleting'
      where not exists (select from status_map m where m.tracker_config_id = s.tracker_config_id and m.raw_status = s.word)
      group by 1, 2
    )
    select tracker_config_id as "configId", array_agg(spelling order by word) as "rawStatuses"
    from words group by 1 order by 1`.execute(tx);
  return rows;
}

/** A word's row as the journal tells it; null where the word is not mapped. */
export type MappedStatus = { status: ConversionStatus; reversed: boolean; isDefault: boolean } | null;

interface StatusChange {
  /** In lower case. */
  word: string;
  before: MappedStatus;
  after: MappedStatus;
}

/** Words in lower case as the database folds them: the map is looked up by its folding, not by ours. */
export async function foldedWords(tx: Tx, words: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ word: string }>`
    select lower(word) as word from unnest(${[...words]}::text[]) with ordinality as given (word, place) order by place`.execute(
    tx,
  );
  return rows.map(({ word }) => word);
}

/**
 * Sets the meanings of words, in lower case; null takes the default back, which for most words without one is no meaning.
 * True at once for every stored row: they keep the tracker's word, and its meaning is looked up.
 * @returns what is not as it was
 */
export async function setStatusMeanings(
  tx: Tx,
  config: { id: string; organizationId: string },
  wanted: ReadonlyMap<string, Required<StatusMeaning> | null>,
  defaultOf: (word: string) => Required<StatusMeaning> | null,
): Promise<MappingDelta<MappedStatus>> {
  const old = await statusesNow(tx, config.id, [...wanted.keys()]);
  const changes = [...wanted].map(([word, meaning]): StatusChange => {
    const usual = defaultOf(word);
    const fallback = usual === null ? null : { ...usual, isDefault: true };
    return {
      word,
      before: old[word] ?? null,
      after: meaning === null ? fallback : { ...meaning, isDefault: false },
    };
  });
  const real = changes.filter(({ before, after }) => !isSame(before, after));
  for (const { word, after } of real) await writeMeaning(tx, config, word, after);
  const side = (name: 'before' | 'after') => Object.fromEntries(real.map((change) => [change.word, change[name]]));
  return { before: side('before'), after: side('after') };
}

/** The words' rows as they are now. */
export async function statusesNow(
  tx: Tx,
  configId: string,
  words: readonly string[],
): Promise<Record<string, MappedStatus>> {
  const rows = await tx
    .selectFrom('status_map')
    .select(['raw_status', 'status', 'reversed', 'is_default as isDefault'])
    .where('tracker_config_id', '=', configId)
    .execute();
  const known = new Map(rows.map(({ raw_status, ...meaning }) => [raw_status, meaning]));
  return Object.fromEntries(words.map((word) => [word, known.get(word) ?? null]));
}

async function writeMeaning(
  tx: Tx,
  config: { id: string; organizationId: string },
  word: string,
  meaning: MappedStatus,
): Promise<void> {
  if (meaning === null) {
    await tx
      .deleteFrom('status_map')
      .where('tracker_config_id', '=', config.id)
      .where('raw_status', '=', word)
      .execute();
    return;
  }
  const { status, reversed, isDefault } = meaning;
  const told = { status, reversed, is_default: isDefault, updated_at: sql<Date>`now()` };
  await tx
    .insertInto('status_map')
    .values({ tracker_config_id: config.id, organization_id: config.organizationId, raw_status: word, ...told })
    .onConflict((conflict) => conflict.columns(['tracker_config_id', 'raw_status']).doUpdateSet(told))
    .execute();
}

const isSame = (a: MappedStatus, b: MappedStatus): boolean =>
  a?.status === b?.status && a?.reversed === b?.reversed && a?.isDefault === b?.isDefault;

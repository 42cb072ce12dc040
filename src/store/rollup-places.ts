// Where a conversion counts: by its own time, or by that of its click, which it may leave its click to tell.
import { type RawBuilder, sql } from 'kysely';
import { DAY_MS } from '../core/windows.ts';

export type ByTime = 'click' | 'conversion';

/** Whether a time, of the config in `l`, lies where is looked. */
export type Within = (time: RawBuilder<unknown>) => RawBuilder<unknown>;

/** What a conversion does not tell itself, its click tells. */
export const PLACES = ['campaign', 'traffic_source', 'offer', 'landing_page', 'flow', 'affiliate_network'].map(
  (table) => `${table}_external_id`,
);
/** Of the visitor, whose country alone a conversion may tell too. */
export const VISITOR = ['device_type', 'os', 'browser'];

/** The click's columns that are wanted, and when: it is looked up only for rows that need it. */
export interface ClickWanted {
  columns: readonly string[];
  when: RawBuilder<unknown>;
}

/** The limit keeps the look-up from being made where its condition does not hold. */
const lookUp = ({ columns, when }: ClickWanted): RawBuilder<unknown> => sql`
  left join lateral (
    select clicked_at, ${sql.raw(columns.join(', '))} from click
    where tracker_config_id = l.tracker_config_id and external_id = l.click_external_id and ${when} limit 1
  ) k on true`;

/** Up to so long a stretch, clicks are asked for their conversions; beyond, conversions for their clicks. */
const SHORT_MS = 2 * DAY_MS;

/**
 * Conversions under `l`, their clicks under `k`, as the bodies of selects, `from … where …`. How they are joined is said
 * here: the planner knows neither how few leave their time untold nor how much is asked for.
 * @param lengthMs of the stretches together
 * @param scope what else must hold
 */
export function conversionsWithin(
  by: ByTime,
  { within, lengthMs }: { within: Within; lengthMs: number },
  { columns, when }: ClickWanted,
  scope: RawBuilder<unknown>,
): { at: RawBuilder<unknown>; bodies: RawBuilder<unknown>[] } {
  if (by === 'conversion') {
    const at = sql`l.converted_at`;
    return { at, bodies: [sql`from conversion l ${lookUp({ columns, when })} where ${within(at)} and ${scope}`] };
  }
  const at = sql`coalesce(l.clicked_at, k.clicked_at, l.converted_at)`;
  const told = sql`coalesce(l.clicked_at, l.converted_at)`;
  const click = sql.raw(['tracker_config_id', 'external_id', 'clicked_at', ...columns].join(', '));
  const untold =
    lengthMs <= SHORT_MS
      ? sql`from (select ${click} from click l where ${within(sql`l.clicked_at`)} and ${scope}) k cross join lateral (
          select c.* from conversion c where c.tracker_config_id = k.tracker_config_id
            and c.click_external_id = k.external_id and c.clicked_at is null offset 0) l`
      : sql`from conversion l cross join lateral (
          select ${click} from click where tracker_config_id = l.tracker_config_id
            and external_id = l.click_external_id and l.clicked_at is null limit 1) k`;
  return {
    at,
    bodies: [
      sql`from conversion l ${lookUp({ columns, when: sql`(l.clicked_at is null or ${when})` })}
        where ${within(told)} and ${within(at)} and ${scope}`,
      sql`${untold} where l.clicked_at is null and ${within(sql`k.clicked_at`)} and not (${within(told)}) and ${scope}`,
    ],
  };
}

/**
 * The same for a list of stretches under `s`, each of one config from `since` until `until`: each is looked up by itself, however
 * many there are.
 */
export function conversionsListed(
  by: ByTime,
  list: RawBuilder<unknown>,
  { columns, when }: ClickWanted,
): { at: RawBuilder<unknown>; bodies: RawBuilder<unknown>[] } {
  const within = (time: RawBuilder<unknown>) => sql`${time} >= s.since and ${time} < s.until`;
  const own = (time: RawBuilder<unknown>): RawBuilder<unknown> => sql`from ${list} cross join lateral (
    select c.* from conversion c where c.tracker_config_id = s.config and ${within(time)} offset 0) l`;
  if (by === 'conversion') {
    const body = sql`${own(sql`c.converted_at`)} ${lookUp({ columns, when })} where true`;
    return { at: sql`l.converted_at`, bodies: [body] };
  }
  const at = sql`coalesce(l.clicked_at, k.clicked_at, l.converted_at)`;
  const click = sql.raw(['tracker_config_id', 'external_id', 'clicked_at', ...columns].join(', '));
  return {
    at,
    bodies: [
      sql`${own(sql`coalesce(c.clicked_at, c.converted_at)`)}
        ${lookUp({ columns, when: sql`(l.clicked_at is null or ${when})` })} where ${within(at)}`,
      sql`from ${list} cross join lateral (
          select ${click} from click c where c.tracker_config_id = s.config and ${within(sql`c.clicked_at`)} offset 0) k
        cross join lateral (
          select c.* from conversion c where c.tracker_config_id = k.tracker_config_id
            and c.click_external_id = k.external_id and c.clicked_at is null offset 0) l
        where not (${within(sql`l.converted_at`)})`,
    ],
  };
}

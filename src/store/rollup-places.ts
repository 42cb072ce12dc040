// Where a conversion counts: by its own time, or by that of its click, which it may leave its click to tell.
import { type RawBuilder, sql } from 'kysely';

export type ByTime = 'click' | 'conversion';

/** Whether a time, of the config in `l`, lies where is looked. */
export type Within = (time: RawBuilder<unknown>) => RawBuilder<unknown>;

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

/**
 * Conversions under `l`, their clicks under `k`, as the body of one select or of two: `from … where …`.
 * @param scope what else must hold
 */
export function conversionsWithin(
  by: ByTime,
  within: Within,
  { columns, when }: ClickWanted,
  scope: RawBuilder<unknown>,
): { at: RawBuilder<unknown>; bodies: RawBuilder<unknown>[] } {
  if (by === 'conversion') {
    const at = sql`l.converted_at`;
    return { at, bodies: [sql`from conversion l ${lookUp({ columns, when })} where ${within(at)} and ${scope}`] };
  }
  const at = sql`coalesce(l.clicked_at, k.clicked_at, l.converted_at)`;
  const told = sql`coalesce(l.clicked_at, l.converted_at)`;
  const clickColumns = sql.raw(['tracker_config_id', 'external_id', 'clicked_at', ...columns].join(', '));
  return {
    at,
    bodies: [
      sql`from conversion l ${lookUp({ columns, when: sql`(l.clicked_at is null or ${when})` })}
        where ${within(told)} and ${within(at)} and ${scope}`,
      sql`from conversion l join (select ${clickColumns} from click) k
        on k.tracker_config_id = l.tracker_config_id and k.external_id = l.click_external_id
        where l.clicked_at is null and ${within(sql`k.clicked_at`)} and not (${within(told)}) and ${scope}`,
    ],
  };
}

// Marks: the hours whose sums no longer hold, of clicks or of conversions, written in the transaction of the rows that changed them.
import { type RawBuilder, sql } from 'kysely';
import type pg from 'pg';
import type { Owner } from './page-format.ts';

/** A relation of `source` and `at`, written down as marks of the config in $1; the last part of a chain of CTEs. */
export const markTimes = (times: string, organization: string): string => `
  insert into rollup_mark (organization_id, tracker_config_id, source, hour)
  select distinct ${organization}, $1::uuid, source, hour_of(at) from (${times}) t where at is not null`;

/**
 * Where clicks place their conversions: those take from them what they do not tell themselves.
 * @param clicks a relation under `w` with `external_id` and the times that the click has had
 */
export const placesOfConversions = (clicks: string, times: readonly string[]): string => `
  select 'conversion' as source, t.at from ${clicks}
  join conversion c on c.tracker_config_id = $1::uuid and c.click_external_id = w.external_id
  cross join lateral (values (c.converted_at), (c.clicked_at)${times.map((time) => `, (${time})`).join('')}) t (at)`;

/** Writers of one config take turns: two at a time would not see each other's rows, and place a conversion nowhere. */
const TURN = 20;
export const turnOf = (configId: string): RawBuilder<unknown> =>
  sql`pg_advisory_xact_lock(hashtextextended(${configId}, ${TURN}))`;

/** Before the statement that looks up others' rows: it must begin when their writer has ended. */
export async function takeTurn(client: pg.ClientBase, configId: string): Promise<void> {
  await client.query('select pg_advisory_xact_lock(hashtextextended($1, $2))', [configId, TURN]);
}

/** Of clicks that went straight into their table. @param hours numbered from 1970 on */
export async function markClicks(
  client: pg.ClientBase,
  owner: Owner,
  hours: ReadonlySet<number>,
  externalIds: readonly string[],
): Promise<void> {
  await takeTurn(client, owner.configId);
  await client.query(STRAIGHT_MARKS, [owner.configId, owner.organizationId, [...hours], [...externalIds]]);
}

const HOURS = 'select to_timestamp(h * 3600) as at from unnest($3::bigint[]) h';
const STRAIGHT_MARKS = `
  with placed as materialized (
    select c.converted_at, c.clicked_at from conversion c
    where c.tracker_config_id = $1::uuid and c.click_external_id = any($4::text[])
  )
  ${markTimes(
    `select 'click' as source, at from (${HOURS}) told
    union all select 'conversion', t.at from placed cross join lateral (values (converted_at), (clicked_at)) t (at)
    union all select 'conversion', at from (${HOURS}) told where exists (select from placed where clicked_at is null)`,
    '$2::uuid',
  )}`;

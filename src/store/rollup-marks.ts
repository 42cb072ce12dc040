// Marks: the hours whose sums no longer hold, written in the transaction of the rows that changed them.
import { type RawBuilder, sql } from 'kysely';
import type pg from 'pg';
import type { Owner } from './page-format.ts';

/** Conversions that tell neither time nor country of their click are placed by it: where it comes, goes or changes, so do they. */
const UNTOLD = '(c.clicked_at is null or c.country is null)';

/** Marks for a relation of times in `at`; to be used as the last part of a chain of CTEs, with the config in $1. */
export const markTimes = (times: string, organization: string): string => `
  insert into rollup_mark (organization_id, tracker_config_id, hour)
  select ${organization}, $1::uuid, hour from (select distinct hour_of(at) as hour from (${times}) t) h where hour is not null`;

/** Where clicks place conversions. @param clicks a relation under `w` with `external_id` */
export const placesOfConversions = (clicks: string): string => `
  select t.at from ${clicks}
  join conversion c on c.tracker_config_id = $1::uuid and c.click_external_id = w.external_id and ${UNTOLD}
  cross join lateral (values (c.converted_at), (c.clicked_at)) t (at)`;

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
  externalIds: () => string[],
): Promise<void> {
  await takeTurn(client, owner.configId);
  const times = 'select to_timestamp(h * 3600) as at from unnest($3::bigint[]) h';
  const { rows } = await client.query(
    `with marked as (${markTimes(times, '$2::uuid')})
    select exists (select from conversion c where c.tracker_config_id = $1::uuid and ${UNTOLD}) as "hasUntold"`,
    [owner.configId, owner.organizationId, [...hours]],
  );
  if ((rows[0] as { hasUntold: boolean }).hasUntold) await markUntold(client, owner, externalIds());
}

async function markUntold(client: pg.ClientBase, owner: Owner, externalIds: string[]): Promise<void> {
  const places = placesOfConversions('unnest($3::text[]) w (external_id)');
  await client.query(markTimes(places, '$2::uuid'), [owner.configId, owner.organizationId, externalIds]);
}

// The catalog entries that a click or a conversion went through, looked up by the tracker's own ids.
import { type RawBuilder, sql } from 'kysely';

/** A catalog entry beside a log row. `id` and `name` are null while the catalog does not know it. */
export interface EntityRef {
  id: string | null;
  externalId: string;
  name: string | null;
}

export interface RouteRefs {
  campaign: EntityRef | null;
  offer: EntityRef | null;
  landingPage: EntityRef | null;
  flow: EntityRef | null;
  trafficSource: EntityRef | null;
  affiliateNetwork: EntityRef | null;
}

/** The answer's field, and its table. The column of the log is the table's name with `_external_id`. */
export const ENTITY_TABLES: Readonly<Record<keyof RouteRefs, string>> = {
  campaign: 'campaign',
  offer: 'offer',
  landingPage: 'landing_page',
  flow: 'flow',
  trafficSource: 'traffic_source',
  affiliateNetwork: 'affiliate_network',
};

/** Select list of the six entries for rows under `alias`; goes with `entityJoins`. */
export function entityColumns(alias: string): RawBuilder<unknown> {
  const parts = Object.entries(ENTITY_TABLES).map(([field, table]) => {
    const externalId = sql.ref(`${alias}.${table}_external_id`);
    return sql`case when ${externalId} is not null then json_build_object(
      'id', ${sql.ref(`${table}.id`)}, 'externalId', ${externalId}, 'name', ${sql.ref(`${table}.name`)}) end as ${sql.id(field)}`;
  });
  return sql.join(parts);
}

export function entityJoins(alias: string): RawBuilder<unknown> {
  const parts = Object.values(ENTITY_TABLES).map(
    (
      table,
    ) => sql`left join ${sql.table(table)} on ${sql.ref(`${table}.tracker_config_id`)} = ${sql.ref(`${alias}.tracker_config_id`)}
      and ${sql.ref(`${table}.external_id`)} = ${sql.ref(`${alias}.${table}_external_id`)}`,
  );
  return sql.join(parts, sql` `);
}

/** Rows whose entry, told by `column`, is one with our ids. */
export function hasEntity(
  alias: string,
  table: string,
  ids: readonly string[],
  column: RawBuilder<unknown> = sql.ref(`${alias}.${table}_external_id`),
): RawBuilder<boolean> {
  return sql<boolean>`(${sql.ref(`${alias}.tracker_config_id`)}, ${column}) in (
    select e.tracker_config_id, e.external_id from ${sql.table(table)} e where e.id = any(${[...ids]}::uuid[]))`;
}

/** Rows of a tracker that is being deleted are not shown any more, although they go in the background. */
export function notDeleting(alias: string): RawBuilder<boolean> {
  return sql<boolean>`${sql.ref(`${alias}.tracker_config_id`)} not in (select id from tracker_config where desired_state = 'deleting')`;
}

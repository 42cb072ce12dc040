// Which sub-id of a connection carries what of the ad platform: what a person has confirmed, else a guess.
import { sql } from 'kysely';
import { AD_LEVELS, type AdLevel, SUB_ID_ROLES, type SubIdRole } from '../core/ads.ts';
import type { Json } from '../core/resources.ts';
import { guessSubIds, type SubIdValues } from '../core/sub-id-guess.ts';
import type { Tx } from './db.ts';
import type { MappingDelta, MappingOwner } from './mapping-changes.ts';

export type SubIdPlaces = Record<SubIdRole, number | null>;

export interface SubIdMapping {
  places: SubIdPlaces;
  /** Nobody has confirmed anything: reports know of no ads then. */
  isGuess: boolean;
  /** Why a guess is made. */
  because: Partial<Record<SubIdRole, string>>;
}

/** So many of the latest rows are looked at for a guess. */
const SAMPLE_ROWS = 5_000;

export async function readSubIdMapping(tx: Tx, config: MappingOwner): Promise<SubIdMapping> {
  const confirmed = await confirmedPlaces(tx, config.id);
  if (SUB_ID_ROLES.some((role) => confirmed[role] !== null)) return { places: confirmed, isGuess: false, because: {} };
  const sources = await tx
    .selectFrom('traffic_source')
    .select('parameters')
    .where('tracker_config_id', '=', config.id)
    .where('gone_at', 'is', null)
    .orderBy('external_id')
    .execute();
  const guess = guessSubIds(
    sources.map(({ parameters }): Json => parameters),
    await valuesSeen(tx, config),
  );
  return {
    places: placesOf((role) => guess[role]?.subId ?? null),
    isGuess: true,
    because: Object.fromEntries(Object.entries(guess).map(([role, { because }]) => [role, because])),
  };
}

/** Sets all roles at once; none at all brings the guess back. */
export async function setSubIdPlaces(
  tx: Tx,
  config: MappingOwner,
  wanted: SubIdPlaces,
): Promise<MappingDelta<number | null>> {
  const old = await confirmedPlaces(tx, config.id);
  const changed = SUB_ID_ROLES.filter((role) => old[role] !== wanted[role]);
  if (changed.length > 0) {
    const owner = { tracker_config_id: config.id, organization_id: config.organizationId };
    // What goes goes first: two roles may have changed places, and a sub-id has one role.
    await tx
      .deleteFrom('sub_id_map')
      .where('tracker_config_id', '=', config.id)
      .where('role', 'in', [...changed])
      .execute();
    const rows = changed.flatMap((role) => {
      const place = wanted[role];
      return place === null ? [] : [{ ...owner, role, sub_id: place }];
    });
    if (rows.length > 0) await tx.insertInto('sub_id_map').values(rows).execute();
  }
  const side = (places: SubIdPlaces) => Object.fromEntries(changed.map((role) => [role, places[role]]));
  return { before: side(old), after: side(wanted) };
}

export async function confirmedPlaces(tx: Tx, configId: string): Promise<SubIdPlaces> {
  const rows = await tx
    .selectFrom('sub_id_map')
    .select(['role', 'sub_id'])
    .where('tracker_config_id', '=', configId)
    .execute();
  return placesOf((role) => rows.find((row) => row.role === role)?.sub_id ?? null);
}

const placesOf = (place: (role: SubIdRole) => number | null): SubIdPlaces => ({
  click_id: place('click_id'),
  ad_campaign: place('ad_campaign'),
  ad_set: place('ad_set'),
  ad: place('ad'),
  placement: place('placement'),
});

/** Macros that nobody replaced are no values. */
async function valuesSeen(tx: Tx, config: MappingOwner): Promise<SubIdValues[]> {
  const isKnown = (level: AdLevel) =>
    sql`count(*) filter (where exists (select from ad where organization_id = ${config.organizationId}
      and level = ${level} and external_id = value))`;
  const known = sql.join(AD_LEVELS.map((level) => sql`${sql.lit(level)}::text, ${isKnown(level)}`));
  const { rows } = await sql<SubIdValues>`
    with latest as (
      (select sub_ids from click where organization_id = ${config.organizationId} and tracker_config_id = ${config.id}
        order by clicked_at desc, id desc limit ${SAMPLE_ROWS})
      union all
      (select sub_ids from conversion where organization_id = ${config.organizationId} and tracker_config_id = ${config.id}
        order by converted_at desc, id desc limit ${SAMPLE_ROWS})
    )
    select key::int as "subId", count(*) as rows, count(distinct value) as "distinct", jsonb_build_object(${known}) as known
    from latest cross join lateral (select key, real_value(value) as value from jsonb_each_text(sub_ids)) filled
    where value is not null group by 1 order by 1`.execute(tx);
  return rows;
}

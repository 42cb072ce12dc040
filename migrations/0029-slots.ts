// Clicks of campaigns, offers and countries by hours that are cut where the day of some time zone begins within: their days are
// told from sums too.
import { type Kysely, sql } from 'kysely';

/** Hours of UTC in which a day begins at half past, and those at a quarter past. */
const AT_HALF = '2, 3, 9, 13, 14, 17, 18, 19, 20';
const AT_QUARTER = '10, 11, 15, 18';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
    create function slot_of(at timestamptz) returns timestamptz language sql immutable parallel safe
      return hour_of(at) + case
        when extract(minute from at at time zone 'UTC') >= 30 and extract(hour from at at time zone 'UTC') in (${AT_HALF})
          then interval '30 minutes'
        when extract(minute from at at time zone 'UTC') >= 15 and extract(hour from at at time zone 'UTC') in (${AT_QUARTER})
          then interval '15 minutes'
        else interval '0' end;

    insert into rollup_mark (organization_id, tracker_config_id, source, hour)
      select distinct organization_id, tracker_config_id, 'click', hour_of(at) from click_hour
      where dimension = 'config' and extract(hour from at at time zone 'UTC') in (${AT_HALF}, ${AT_QUARTER});
    insert into spend_mark (organization_id, since, until)
      select distinct s.organization_id, (s.day::timestamp at time zone s.zone), ((s.day + 1)::timestamp at time zone s.zone)
      from ad_spend s;
  `)
    .execute(db);
}

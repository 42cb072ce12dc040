// Of which trackers a report speaks: those that its filters name, or whose entries or ads they name.
import { type RawBuilder, sql } from 'kysely';
import { AD_LEVELS } from '../core/ads.ts';
import { ENTITY_TABLES } from './lists-entities.ts';
import type { ReportAsk } from './reports-ask.ts';
import { asksForNone, isAd, isEntity, type ReportDimension } from './reports-dimensions.ts';

/** Whether a row of `tracker_config`, under its own name, may have a part in it. */
export function isSpokenOf(filters: ReportAsk['filters']): RawBuilder<boolean> {
  const conditions = filters.map(({ dimension, values }) => conditionOf(dimension, [...values]));
  return sql<boolean>`(${sql.join([sql`true`, ...conditions], sql` and `)})`;
}

function conditionOf(name: ReportDimension, values: string[]): RawBuilder<unknown> {
  if (name === 'config') return sql`tracker_config.id = any(${values}::uuid[])`;
  if (name === 'trackerType') return sql`tracker_config.type = any(${values}::text[])`;
  // Every tracker may have rows that tell none.
  if (asksForNone(values)) return sql`true`;
  // An entry belongs to one tracker.
  if (isEntity(name))
    return sql`tracker_config.id in (select e.tracker_config_id from ${sql.table(ENTITY_TABLES[name])} e where e.id = any(${values}::uuid[]))`;
  return isAd(name) ? leadsToAds : sql`true`;
}

/** Whose rows, of `tracker_config` under its own name, can lead to an ad at all. */
export const leadsToAds = sql<boolean>`(exists (select from sub_id_map s where s.tracker_config_id = tracker_config.id and s.role = any(${[...AD_LEVELS]}::text[]))
      or exists (select from ad_campaign_map m where m.tracker_config_id = tracker_config.id))`;

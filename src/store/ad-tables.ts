// The tables of ads, their spend, the maps that lead from a tracker's rows to them, rates, and changes of mappings.
import type { ColumnType, Generated, JSONColumnType } from 'kysely';
import type { AdLevel, SubIdRole } from '../core/ads.ts';
import type { JsonObject } from '../core/resources.ts';
import type { Defaulted, Maybe, MaybeTime } from './column-types.ts';

/** A day as `2026-11-01`: read as text, since a date has no time. */
type Day = ColumnType<string, string, string>;
type Changed = ColumnType<Date, Date | undefined, Date>;

export interface AdTable {
  id: Generated<string>;
  organization_id: string;
  level: AdLevel;
  external_id: string;
  platform: string;
  name: Maybe<string>;
  ad_campaign_external_id: Maybe<string>;
  ad_set_external_id: Maybe<string>;
  first_seen_at: Generated<Date>;
  updated_at: Changed;
}

export interface AdSpendTable {
  organization_id: string;
  level: AdLevel;
  external_id: string;
  day: Day;
  zone: Defaulted<string>;
  amount: string;
  currency: string;
  updated_at: Changed;
}

/** What a person has confirmed; a guess is made at read and kept nowhere. */
export interface SubIdMapTable {
  tracker_config_id: string;
  organization_id: string;
  role: SubIdRole;
  sub_id: number;
  updated_at: Changed;
}

export interface AdCampaignMapTable {
  tracker_config_id: string;
  organization_id: string;
  campaign_external_id: string;
  ad_campaign_external_id: string;
  updated_at: Changed;
}

/** One unit of `base` is `rate` units of `currency`. */
export interface CurrencyRateTable {
  organization_id: string;
  base: string;
  currency: string;
  day: Day;
  rate: string;
  updated_at: Changed;
}

export interface MappingChangeTable {
  id: Generated<string>;
  organization_id: string;
  tracker_config_id: string;
  kind: 'statuses' | 'sub_ids' | 'campaigns';
  at: Generated<Date>;
  actor_type: 'user' | 'api_key' | 'system';
  actor_id: Maybe<string>;
  actor_name: Maybe<string>;
  before: JSONColumnType<JsonObject, string, never>;
  after: JSONColumnType<JsonObject, string, never>;
  undone_at: MaybeTime;
}

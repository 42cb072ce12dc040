// A change of mappings, whoever asks for it: to be kept, to be shown beforehand, or to take an earlier one back.
import type { z } from '@hono/zod-openapi';
import { SUB_ID_ROLES, type SubIdRole } from '../core/ads.ts';
import type { Json } from '../core/resources.ts';
import { type StatusMeaning, statusMeaning } from '../core/statuses.ts';
import { campaignExternalIds, knownAdCampaigns, setCampaignMappings } from '../store/campaign-mappings.ts';
import type { ConfigRecord } from '../store/configs.ts';
import type { Tx } from '../store/db.ts';
import type { MappingChange, MappingDelta, MappingKind } from '../store/mapping-changes.ts';
import { foldedWords, type MappedStatus, setStatusMeanings, statusesNow } from '../store/status-mappings.ts';
import { confirmedPlaces, type SubIdPlaces, setSubIdPlaces } from '../store/sub-id-mappings.ts';
import type { ApiDeps } from './deps.ts';
import { isUuid } from './ids.ts';
import {
  type campaignsSchema,
  ROLE_FIELDS,
  type statusesSchema,
  subIdName,
  subIdNumber,
  type subIdsSchema,
} from './mappings-schema.ts';
import { badInput, Problem } from './problems.ts';

export interface MappingsGiven {
  statuses?: z.output<typeof statusesSchema> | undefined;
  subIds?: z.output<typeof subIdsSchema> | undefined;
  campaigns?: z.output<typeof campaignsSchema> | undefined;
}

export type AppliedMapping = { kind: MappingKind; delta: MappingDelta<Json> };

/**
 * To be called with the config's mappings held.
 * @throws Problem for what cannot be said
 */
export async function applyMappings(
  tx: Tx,
  deps: ApiDeps,
  config: ConfigRecord,
  { statuses, subIds, campaigns }: MappingsGiven,
): Promise<AppliedMapping[]> {
  const applied: AppliedMapping[] = [];
  if (statuses !== undefined) {
    const wanted = await meaningsOf(tx, statuses);
    const delta = await setStatusMeanings(tx, config, wanted, defaultsOf(deps, config));
    applied.push({ kind: 'statuses', delta });
  }
  if (subIds !== undefined) {
    applied.push({ kind: 'sub_ids', delta: await setSubIdPlaces(tx, config, placesOf(subIds)) });
  }
  if (campaigns !== undefined) {
    const wanted = await campaignsOf(tx, config, campaigns);
    applied.push({ kind: 'campaigns', delta: await setCampaignMappings(tx, config, wanted) });
  }
  return applied;
}

/**
 * Puts back what was before, where all of it still is as the change left it.
 * @throws Problem `changed_since`
 */
export async function undoMapping(
  tx: Tx,
  config: ConfigRecord,
  { kind, before, after }: MappingChange,
): Promise<MappingDelta<Json>> {
  const keys = Object.keys(after);
  if (kind === 'statuses') {
    refuseIfChanged(await statusesNow(tx, config.id, keys), after);
    const old = before as unknown as Record<string, MappedStatus>;
    const meaningOf = (was: MappedStatus): Required<StatusMeaning> | null =>
      was === null || was.isDefault ? null : { status: was.status, reversed: was.reversed };
    const wanted = new Map(Object.entries(old).map(([word, was]) => [word, meaningOf(was)]));
    // What was there before without a person was the default: of some words none, whatever the tracker declares now.
    const defaultOf = (word: string): Required<StatusMeaning> | null => old[word] ?? null;
    return setStatusMeanings(tx, config, wanted, defaultOf);
  }
  if (kind === 'sub_ids') {
    const now = await confirmedPlaces(tx, config.id);
    refuseIfChanged(Object.fromEntries(keys.map((role) => [role, now[role as keyof SubIdPlaces]])), after);
    const old = { ...now, ...(before as Partial<SubIdPlaces>) };
    const twice = carriedTwice((role) => old[role]);
    if (twice !== null) {
      const [role, other] = twice.map((one) => ROLE_FIELDS[one]);
      throw new Problem('changed_since', `${subIdName(old[twice[0]])} would carry both ${role} and ${other} now.`);
    }
    return setSubIdPlaces(tx, config, old);
  }
  const delta = await setCampaignMappings(tx, config, new Map(Object.entries(before as Record<string, string | null>)));
  refuseIfChanged(delta.before, after);
  return delta;
}

/** @throws Problem */
function refuseIfChanged(now: object, after: object): void {
  const isSame = Object.entries(after).every(
    ([key, value]) => JSON.stringify(sorted((now as Record<string, Json>)[key])) === JSON.stringify(sorted(value)),
  );
  if (!isSame) throw new Problem('changed_since', 'What this change set has been changed again: say what it is to be.');
}

/** A row of the map and its JSON name their fields in different orders. */
const sorted = (value: Json | undefined): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : (value ?? null);

/**
 * By the word in lower case.
 * @throws Problem where two of the given ones are the same but for their case
 */
async function meaningsOf(tx: Tx, given: z.output<typeof statusesSchema>) {
  const words = Object.keys(given);
  const folded = await foldedWords(tx, words);
  const wanted = new Map<string, Required<StatusMeaning> | null>();
  words.forEach((word, i) => {
    const key = folded[i]!;
    if (wanted.has(key)) throw badInput(word, `is the same word as ${words[folded.indexOf(key)]}`);
    const meaning = given[word] ?? null;
    wanted.set(key, meaning === null ? null : statusMeaning(meaning));
  });
  return wanted;
}

/** As the tracker declares it: for the word itself, or for all that are not named. */
function defaultsOf({ adapters }: ApiDeps, { type }: ConfigRecord): (word: string) => Required<StatusMeaning> | null {
  const { statuses = {}, otherStatuses } = adapters[type] ?? {};
  return (word) => {
    const declared = Object.hasOwn(statuses, word) ? statuses[word] : otherStatuses;
    return declared === undefined ? null : statusMeaning(declared);
  };
}

/** @throws Problem where one sub-id is to carry two things */
function placesOf(given: z.output<typeof subIdsSchema>): SubIdPlaces {
  const twice = carriedTwice((role) => given[ROLE_FIELDS[role]]);
  if (twice !== null) throw badInput(ROLE_FIELDS[twice[0]], `is the same sub-id as ${ROLE_FIELDS[twice[1]]}`);
  const [click_id, ad_campaign, ad_set, ad, placement] = SUB_ID_ROLES.map((role) =>
    subIdNumber(given[ROLE_FIELDS[role]]),
  );
  return { click_id: click_id!, ad_campaign: ad_campaign!, ad_set: ad_set!, ad: ad!, placement: placement! };
}

/** The two roles that one sub-id would have. */
function carriedTwice(placeOf: (role: SubIdRole) => string | number | null): readonly [SubIdRole, SubIdRole] | null {
  for (const role of SUB_ID_ROLES) {
    const place = placeOf(role);
    const other = place === null ? undefined : SUB_ID_ROLES.find((one) => one !== role && placeOf(one) === place);
    if (other !== undefined) return [role, other];
  }
  return null;
}

/** @throws Problem for campaigns that are not this connection's, and ad campaigns that nobody uploaded */
async function campaignsOf(tx: Tx, config: ConfigRecord, given: z.output<typeof campaignsSchema>) {
  const ours = await campaignExternalIds(tx, config.id, Object.keys(given).filter(isUuid));
  const wantedAds = Object.values(given).filter((id) => id !== null);
  const ads = await knownAdCampaigns(tx, config.organizationId, wantedAds);
  const errors = Object.entries(given).flatMap(([campaign, ad]) => {
    if (!ours.has(campaign)) return [{ path: campaign, message: 'is no campaign of this tracker' }];
    if (ad !== null && !ads.has(ad)) return [{ path: campaign, message: 'names an ad campaign that was not uploaded' }];
    return [];
  });
  if (errors.length > 0) throw new Problem('invalid_request', undefined, errors);
  return new Map(Object.entries(given).map(([campaign, ad]) => [ours.get(campaign)!, ad]));
}

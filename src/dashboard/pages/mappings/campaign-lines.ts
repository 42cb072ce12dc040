// A tracker's campaigns beside the ad campaigns that they run.
import type { Campaign } from '../../app/campaigns.ts';
import type { CampaignPair } from '../../app/mappings.ts';
import type { Draft } from './draft.ts';

export interface CampaignLine {
  id: string;
  externalId: string;
  name: string;
  automatic: CampaignPair[];
  /** As it is, or as it was chosen to be. */
  byHand: { externalId: string; name: string } | null;
  /** What is kept by hand. */
  before: string | null;
  isChanged: boolean;
}

/** By name; campaigns that are gone only where something is said of them. */
export function linesOf(
  campaigns: readonly Campaign[],
  pairs: readonly CampaignPair[],
  chosen: Draft['campaigns'],
  picked: Readonly<Record<string, string>>,
): CampaignLine[] {
  const byCampaign = Map.groupBy(pairs, ({ campaignId }) => campaignId);
  return campaigns
    .filter(({ id, goneAt }) => goneAt === null || byCampaign.has(id))
    .map(({ id, externalId, name }): CampaignLine => {
      const own = byCampaign.get(id) ?? [];
      const kept = own.find(({ isAutomatic }) => !isAutomatic)?.adCampaign ?? null;
      const isChanged = id in chosen;
      const wanted = isChanged ? (chosen[id] ?? null) : (kept?.externalId ?? null);
      const known = wanted === kept?.externalId ? kept?.name : picked[wanted ?? ''];
      return {
        ...{ id, externalId, name, isChanged, before: kept?.externalId ?? null },
        automatic: own.filter(({ isAutomatic }) => isAutomatic),
        byHand: wanted === null ? null : { externalId: wanted, name: known ?? wanted },
      };
    })
    .sort((one, other) => one.name.localeCompare(other.name, undefined, { numeric: true }));
}

// A change of mappings in words, a step for each thing that was mapped: `trial won: not mapped → Approved`.
import type { CampaignPair, MappingChange } from '../../app/mappings.ts';
import { STATUS_WORDS, wordOf } from '../../app/statuses.ts';
import type { Meaning } from './draft.ts';

const ROLES: Readonly<Record<string, string>> = {
  click_id: 'Click id',
  ad_campaign: 'Ad campaign',
  ad_set: 'Ad set',
  ad: 'Ad',
  placement: 'Placement',
};

export function tellChange({ kind, before, after }: MappingChange, pairs: readonly CampaignPair[]): string[] {
  return Object.keys(after).map((key) => {
    if (kind === 'statuses') return `${wordOf(key)}: ${meaningOf(before[key])} → ${meaningOf(after[key])}`;
    if (kind === 'sub_ids') return `${ROLES[key] ?? key}: ${placeOf(before[key])} → ${placeOf(after[key])}`;
    const campaign = pairs.find((pair) => pair.campaign.externalId === key)?.campaign.name ?? `Campaign ${key}`;
    return `${campaign}: ${adOf(before[key], pairs)} → ${adOf(after[key], pairs)}`;
  });
}

function meaningOf(told: unknown): string {
  const meaning = told as Meaning | null | undefined;
  if (meaning == null) return 'not mapped';
  return `${STATUS_WORDS[meaning.status]}${meaning.reversed ? ' (reversal)' : ''}`;
}

const placeOf = (place: unknown): string => (place == null ? 'none' : `sub_${place}`);
const adOf = (id: unknown, pairs: readonly CampaignPair[]): string =>
  id == null ? 'none' : (pairs.find((pair) => pair.adCampaignId === id)?.adCampaign.name ?? String(id));

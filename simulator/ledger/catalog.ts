// The things a tracker's owner sets up: campaigns, offers, landing pages, flows, traffic sources, affiliate networks.
import type { AdPlatform } from './ad-platforms.ts';

export type EntityState = 'active' | 'disabled' | 'deleted';

interface Entity {
  /** Small positive number, unique among its kind. */
  id: number;
  name: string;
  state: EntityState;
  /** Seconds since 1970. */
  createdAt: number;
  updatedAt: number;
}

export interface AffiliateNetwork extends Entity {
  postbackUrl: string;
  offerParameter: string;
}

export interface Offer extends Entity {
  network: AffiliateNetwork | null;
  url: string;
  groupId: number;
  payoutMicros: number;
  payoutType: 'CPA' | 'CPC';
  /** ISO codes the offer takes; empty for all. */
  countries: string[];
}

export interface LandingPage extends Entity {
  type: 'local' | 'external' | 'preloaded' | 'action';
  url: string;
  groupId: number;
  offerCount: number;
}

export interface TrafficSource extends Entity {
  platform: AdPlatform;
  /** Holds a secret key, as postback addresses do. */
  postbackUrl: string;
}

export interface FlowFilter {
  id: number;
  name: string;
  mode: 'accept' | 'reject';
  payload: string[];
}

export interface Flow extends Entity {
  campaignId: number;
  type: 'forced' | 'regular' | 'default';
  schema: 'landings' | 'redirect' | 'action';
  position: number;
  weight: number;
  filters: FlowFilter[];
  landings: { landing: LandingPage; share: number }[];
  offers: { offer: Offer; share: number }[];
}

/** One way a visitor can take through a campaign. */
export interface Path {
  flow: Flow;
  landing: LandingPage | null;
  offer: Offer | null;
}

/** One ad at one placement: what the sub-ids say apart from the click id. */
export interface AdVariant {
  adCampaignId: string;
  adId: string;
  keyword: string;
  /** Index 0 is sub-id 1, whose value is each click's own; unset ones are empty. */
  subIds: string[];
  referrer: string;
}

export interface Campaign extends Entity {
  alias: string;
  type: 'position' | 'weight';
  groupId: number;
  source: TrafficSource | null;
  costType: 'CPC' | 'CPM' | 'CPUC' | 'RevShare';
  /** Average cost of a click. */
  clickCostMicros: number;
  currency: string;
  /** The secret of the campaign's click API. */
  token: string;
  domain: string;
  flows: Flow[];
  paths: Path[];
  variants: AdVariant[];
  /** Share of the traffic, relative. */
  weight: number;
}

export interface Catalog {
  networks: AffiliateNetwork[];
  offers: Offer[];
  landings: LandingPage[];
  sources: TrafficSource[];
  campaigns: Campaign[];
}

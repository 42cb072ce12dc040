// What a tracker has: the names of its resources, and the canonical records that adapters map to.

export const CATALOG_RESOURCES = [
  'campaigns',
  'offers',
  'landing_pages',
  'flows',
  'traffic_sources',
  'affiliate_networks',
] as const;
export const LOG_RESOURCES = ['clicks', 'conversions'] as const;
export const RESOURCES = [...CATALOG_RESOURCES, ...LOG_RESOURCES, 'totals'] as const;

export type CatalogResource = (typeof CATALOG_RESOURCES)[number];
export type LogResource = (typeof LOG_RESOURCES)[number];
export type Resource = (typeof RESOURCES)[number];

/** How well a tracker's resource is known: official API, works in practice, or unverified. */
export type Evidence = 'documented' | 'observed' | 'assumed';

/** An exact decimal as text, e.g. `"0.0125"`: money never becomes a float. */
export type Decimal = string;

/** JSON as it comes from a tracker. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

interface CatalogRecord {
  externalId: string;
  name: string;
  state: string | null;
  createdAt: Date | null;
  changedAt: Date | null;
  raw: JsonObject;
}

export interface CampaignRecord extends CatalogRecord {
  alias: string | null;
  type: string | null;
  groupExternalId: string | null;
  trafficSourceExternalId: string | null;
  costType: string | null;
  costValue: Decimal | null;
  currency: string | null;
}

export interface OfferRecord extends CatalogRecord {
  affiliateNetworkExternalId: string | null;
  offerUrl: string | null;
  payout: Decimal | null;
  payoutType: string | null;
  currency: string | null;
  countries: string[];
}

export interface LandingPageRecord extends CatalogRecord {
  type: string | null;
  landingUrl: string | null;
  offerCount: number | null;
}

export interface FlowRecord extends CatalogRecord {
  campaignExternalId: string | null;
  type: string | null;
  schema: string | null;
  position: number | null;
  weight: Decimal | null;
  landingPages: Json;
  offers: Json;
  filters: Json;
}

export interface TrafficSourceRecord extends CatalogRecord {
  postbackUrl: string | null;
  parameters: Json;
}

export interface AffiliateNetworkRecord extends CatalogRecord {
  postbackUrl: string | null;
}

export interface CatalogRecords {
  campaigns: CampaignRecord;
  offers: OfferRecord;
  landing_pages: LandingPageRecord;
  flows: FlowRecord;
  traffic_sources: TrafficSourceRecord;
  affiliate_networks: AffiliateNetworkRecord;
}

/** The catalog entries that a click or a conversion went through, by the tracker's own ids. */
export interface Route {
  campaignExternalId: string | null;
  offerExternalId: string | null;
  landingPageExternalId: string | null;
  flowExternalId: string | null;
  trafficSourceExternalId: string | null;
  affiliateNetworkExternalId: string | null;
}

/** Only the filled sub-ids, by their number: `{ "1": "fb-123" }`. */
export type SubIds = Record<string, string>;

export interface ClickRecord extends Route {
  externalId: string;
  clickedAt: Date;
  cost: Decimal | null;
  revenue: Decimal | null;
  currency: string | null;
  country: string | null;
  region: string | null;
  city: string | null;
  deviceType: string | null;
  os: string | null;
  browser: string | null;
  ip: string | null;
  isBot: boolean | null;
  isUnique: boolean | null;
  landingClicked: boolean | null;
  referrer: string | null;
  subIds: SubIds;
  isDerived: boolean;
}

export interface ConversionRecord extends Route {
  externalId: string;
  clickExternalId: string | null;
  transactionId: string | null;
  convertedAt: Date;
  clickedAt: Date | null;
  rawStatus: string;
  type: string | null;
  isReversal: boolean;
  revenue: Decimal | null;
  payout: Decimal | null;
  currency: string | null;
  country: string | null;
  subIds: SubIds;
  raw: JsonObject;
}

export interface LogRecords {
  clicks: ClickRecord;
  conversions: ConversionRecord;
}

/** A row that could not be read: kept as it came, with the reason, beside the rows that could. */
export interface UnreadableRow {
  reason: string;
  raw: string;
}

// The words for what a tracker has, and for how well each is known.
import type { Evidence, Resource } from '../../core/resources.ts';

export const RESOURCE_WORDS: Readonly<Record<Resource, string>> = {
  campaigns: 'Campaigns',
  offers: 'Offers',
  landing_pages: 'Landing pages',
  flows: 'Flows',
  traffic_sources: 'Traffic sources',
  affiliate_networks: 'Affiliate networks',
  clicks: 'Click log',
  conversions: 'Conversions',
  totals: 'Daily totals',
};

export const EVIDENCE_WORDS: Readonly<Record<Evidence, string>> = {
  documented: 'Official API',
  observed: 'Works in practice',
  assumed: 'Unverified',
};

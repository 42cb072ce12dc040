// The panel's GET calls: lists of entities, archived ones, one campaign and its streams.
import type { FaceContext } from '../face.ts';
import { Refusal } from './answers.ts';
import { campaignText, flowText, landingText, listText, networkText, offerText, sourceText } from './entities.ts';
import type { KeitaroResource } from './options.ts';
import { Quirks } from './quirks.ts';

interface Listing {
  resource: KeitaroResource;
  /** JSON text of each item, before paging. */
  items: string[];
  isPaged?: boolean;
  /** One entity instead of a list. */
  single?: string;
}

/** What a GET path means, or null when the panel has no such path. Archived entities have lists of their own. */
export function listingOf(path: string, context: FaceContext): Listing | null {
  const { catalog, options } = context.ledger;
  const quirks = new Quirks(context.options.keitaro);
  const campaigns = catalog.campaigns;
  const flows = campaigns.flatMap((campaign) => campaign.flows);
  const isThere = (entity: { state: string }) => entity.state !== 'deleted';
  const isArchived = (entity: { state: string }) => entity.state === 'deleted';

  switch (path) {
    case '/campaigns':
      return {
        resource: 'campaigns',
        items: campaigns.filter(isThere).map((campaign) => campaignText(campaign, quirks)),
        isPaged: context.options.keitaro.campaignsHonourLimit,
      };
    case '/campaigns/deleted':
      return {
        resource: 'campaigns',
        items: campaigns.filter(isArchived).map((campaign) => campaignText(campaign, quirks)),
      };
    case '/streams/deleted':
      return { resource: 'flows', items: flows.filter(isArchived).map((flow) => flowText(flow, quirks)) };
    case '/offers':
      return {
        resource: 'offers',
        items: catalog.offers.map((offer) => offerText(offer, options.currency, quirks)),
      };
    case '/landing_pages':
      return { resource: 'landing_pages', items: catalog.landings.map((landing) => landingText(landing, quirks)) };
    case '/traffic_sources':
      return { resource: 'traffic_sources', items: catalog.sources.map((source) => sourceText(source, quirks)) };
    case '/affiliate_networks':
      return {
        resource: 'affiliate_networks',
        items: catalog.networks.map((network) => networkText(network, quirks)),
      };
  }
  const match = /^\/campaigns\/(\d+)(\/streams)?$/.exec(path);
  if (!match) return null;
  const campaign = campaigns.find(({ id }) => id === Number(match[1]));
  const resource = match[2] ? 'flows' : 'campaigns';
  if (!campaign) throw new Refusal(404, 'Entity not found');
  if (!match[2]) return { resource, items: [], single: campaignText(campaign, quirks) };
  return { resource, items: campaign.flows.filter(isThere).map((flow) => flowText(flow, quirks)) };
}

/** The list as the panel answers it; only newer builds honour `limit` and `offset`, and only for campaigns. */
export function listingText(listing: Listing, query: URLSearchParams): { text: string; rows: number } {
  if (listing.single !== undefined) return { text: listing.single, rows: 1 };
  let { items } = listing;
  if (listing.isPaged && query.has('limit')) {
    const offset = Number(query.get('offset') ?? 0);
    items = items.slice(offset, offset + Number(query.get('limit')));
  }
  return { text: listText(items), rows: items.length };
}

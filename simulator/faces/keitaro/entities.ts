// The catalog as the panel writes it: campaigns, streams, offers, landing pages, traffic sources, affiliate networks.
import { asciiJson, jsonText as text } from '../../json-text.ts';
import type { AffiliateNetwork, Campaign, Flow, LandingPage, Offer, TrafficSource } from '../../ledger/catalog.ts';
import { plantedIn } from './planted.ts';
import type { Quirks } from './quirks.ts';

/** Joins fields whose values are JSON text already. */
function object(fields: Record<string, string>): string {
  const parts = Object.entries(fields).map(([name, value]) => `"${name}":${value}`);
  return `{${parts.join(',')}}`;
}

export function listText(items: string[]): string {
  return `[${items.join(',')}]`;
}

function dates(entity: { createdAt: number; updatedAt: number }, quirks: Quirks): Record<string, string> {
  return { created_at: quirks.date(entity.createdAt), updated_at: quirks.date(entity.updatedAt) };
}

/** Parameters of a source by slot, as both campaigns and sources carry them. */
function parametersOf(source: TrafficSource | null): Record<string, unknown> {
  const slots = (source?.platform.parameters ?? []).map(({ slot, name, macro }) => [
    slot === 0 ? 'external_id' : `sub_id_${slot}`,
    { name, placeholder: macro, alias: '' },
  ]);
  return Object.fromEntries(slots);
}

export function campaignText(campaign: Campaign, quirks: Quirks): string {
  return object({
    id: quirks.id(campaign.id),
    alias: text(campaign.alias),
    name: text(campaign.name),
    type: text(campaign.type),
    state: text(campaign.state),
    position: String(campaign.id),
    group_id: quirks.id(campaign.groupId || null),
    traffic_source_id: quirks.id(campaign.source?.id),
    cost_type: text(campaign.costType),
    cost_value: quirks.money(campaign.clickCostMicros),
    cost_currency: text(campaign.currency),
    cost_auto: quirks.flag(campaign.costType === 'RevShare'),
    cookies_ttl: '24',
    bind_visitors: text('s'),
    token: text(campaign.token),
    parameters: quirks.parameters(parametersOf(campaign.source)),
    postbacks: '[]',
    notes: text(''),
    ...dates(campaign, quirks),
    ...plantedIn('campaign', quirks),
  });
}

export function flowText(flow: Flow, quirks: Quirks): string {
  return object({
    id: quirks.id(flow.id),
    campaign_id: quirks.id(flow.campaignId),
    name: text(flow.name),
    type: text(flow.type),
    schema: text(flow.schema),
    state: text(flow.state),
    position: String(flow.position),
    weight: String(flow.weight),
    action_type: text(flow.schema === 'redirect' ? 'http' : ''),
    collect_clicks: quirks.flag(true),
    filter_or: quirks.flag(false),
    filters: listText(
      flow.filters.map((filter) =>
        object({
          id: quirks.id(filter.id),
          stream_id: quirks.id(flow.id),
          name: text(filter.name),
          mode: text(filter.mode),
          payload: asciiJson(filter.payload),
        }),
      ),
    ),
    triggers: '[]',
    landings: listText(
      flow.landings.map(({ landing, share }, part) =>
        object({
          id: quirks.id(flow.id * 10 + part),
          landing_id: quirks.id(landing.id),
          state: text('active'),
          share: String(share),
        }),
      ),
    ),
    offers: listText(
      flow.offers.map(({ offer, share }, part) =>
        object({
          id: quirks.id(flow.id * 10 + part),
          offer_id: quirks.id(offer.id),
          state: text('active'),
          share: String(share),
        }),
      ),
    ),
    ...dates(flow, quirks),
    ...plantedIn('flow', quirks),
  });
}

/** Countries come as a list, as comma text, or empty: installations differ, and so do offers of one. */
function countriesText(offer: Offer): string {
  if (offer.id % 4 === 0) return text(offer.countries.join(','));
  return asciiJson(offer.countries);
}

export function offerText(offer: Offer, currency: string, quirks: Quirks): string {
  return object({
    id: quirks.id(offer.id),
    name: text(offer.name),
    group_id: quirks.id(offer.groupId || null),
    state: text(offer.state),
    action_type: text('http'),
    action_payload: text(offer.url),
    affiliate_network_id: quirks.id(offer.network?.id),
    affiliate_network: text(offer.network?.name ?? ''),
    payout_value: quirks.money(offer.payoutMicros),
    payout_currency: text(currency),
    payout_type: text(offer.payoutType),
    payout_auto: quirks.flag(true),
    payout_upsell: quirks.flag(offer.id % 2 === 0),
    country: countriesText(offer),
    notes: text(''),
    ...dates(offer, quirks),
    ...plantedIn('offer', quirks),
  });
}

export function landingText(landing: LandingPage, quirks: Quirks): string {
  return object({
    id: quirks.id(landing.id),
    name: text(landing.name),
    group_id: quirks.id(landing.groupId || null),
    state: text(landing.state),
    landing_type: text(landing.type),
    action_payload: text(landing.url),
    offer_count: String(landing.offerCount),
    ...dates(landing, quirks),
    ...plantedIn('landing', quirks),
  });
}

export function sourceText(source: TrafficSource, quirks: Quirks): string {
  return object({
    id: quirks.id(source.id),
    name: text(source.name),
    state: text(source.state),
    template_name: text(source.platform.template),
    postback_url: text(source.postbackUrl),
    postback_statuses: '["lead","sale"]',
    accept_parameters: quirks.flag(true),
    parameters: quirks.parameters(parametersOf(source)),
    traffic_loss: '0',
    ...dates(source, quirks),
    ...plantedIn('source', quirks),
  });
}

export function networkText(network: AffiliateNetwork, quirks: Quirks): string {
  return object({
    id: quirks.id(network.id),
    name: text(network.name),
    state: text(network.state),
    postback_url: text(network.postbackUrl),
    offer_param: text(network.offerParameter),
    ...dates(network, quirks),
    ...plantedIn('network', quirks),
  });
}

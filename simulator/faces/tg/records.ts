// The ledger's things as records: fields by the plain contract's names, values as JSON text.
import { asciiJson, jsonText as text } from '../../json-text.ts';
import { shownIdOf } from '../../ledger/conversions.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { decimalOf } from '../../ledger/money.ts';
import type { TgOptions } from './options.ts';

export type Fields = Record<string, string>;

/** How one installation writes its values. */
export interface Dialect {
  options: TgOptions;
  time(second: number): string;
  /** The tracker's word for the ledger's status. */
  status(word: string): string;
}

const id = ({ options }: Dialect, value: number | null | undefined): string =>
  value === null || value === undefined ? 'null' : options.ids === 'text' ? `"${value}"` : String(value);

const money = ({ options }: Dialect, micros: number): string =>
  options.money === 'text' ? `"${decimalOf(micros)}"` : decimalOf(micros);

interface Entity {
  id: number;
  name: string;
  state: string;
  createdAt: number;
  updatedAt: number;
}

const entry = (dialect: Dialect, entity: Entity): Fields => ({
  id: id(dialect, entity.id),
  name: text(entity.name),
  status: text(entity.state),
  created_at: dialect.time(entity.createdAt),
  updated_at: dialect.time(entity.updatedAt),
});

/** A postback with a key in it, a token, and JSON text with both. */
function planted({ options: { planted: secret } }: Dialect): Fields {
  if (secret === null) return {};
  const address = `https://s2s.partner.example/${encodeURIComponent(secret)}/postback?cid={sub1}&key=${encodeURIComponent(secret)}`;
  return { token: text(secret), options: text(JSON.stringify({ api_key: secret })), postback_url: text(address) };
}

/** Every list of the catalog, by its resource. */
export function catalogRecords({ catalog, options }: Ledger, dialect: Dialect): Record<string, Fields[]> {
  const campaigns = catalog.campaigns.map((campaign) => ({
    ...entry(dialect, campaign),
    source_id: id(dialect, campaign.source?.id),
    currency: text(campaign.currency),
    ...planted(dialect),
  }));
  const flows = catalog.campaigns.flatMap((campaign) =>
    campaign.flows.map((flow) => ({
      ...entry(dialect, flow),
      campaign_id: id(dialect, flow.campaignId),
      ...planted(dialect),
    })),
  );
  const offers = catalog.offers.map((offer) => ({
    ...entry(dialect, offer),
    url: text(offer.url),
    network_id: id(dialect, offer.network?.id),
    payout: money(dialect, offer.payoutMicros),
    currency: text(options.currency),
    country: asciiJson(offer.countries),
    ...planted(dialect),
  }));
  const landing_pages = catalog.landings.map((landing) => ({
    ...entry(dialect, landing),
    url: text(landing.url),
    ...planted(dialect),
  }));
  const traffic_sources = catalog.sources.map((source) => ({
    ...entry(dialect, source),
    postback_url: text(source.postbackUrl),
    ...planted(dialect),
  }));
  const affiliate_networks = catalog.networks.map((network) => ({
    ...entry(dialect, network),
    postback_url: text(network.postbackUrl),
    ...planted(dialect),
  }));
  return { campaigns, offers, landing_pages, flows, traffic_sources, affiliate_networks };
}

const orNull = (value: string): string => (value === '' ? 'null' : text(value));

export function clickRecord(ledger: Ledger, dialect: Dialect, index: number, asOf: number): Fields {
  const { campaign, path, place, device, variant, ...click } = ledger.click(index, asOf);
  const subs = [click.platformClickId, ...variant.subIds.slice(1)].flatMap((value, i) =>
    value === '' ? [] : [[`sub${i + 1}`, text(value)] as const],
  );
  return {
    id: text(click.subId),
    created_at: dialect.time(click.second),
    campaign_id: id(dialect, campaign.id),
    offer_id: id(dialect, path.offer?.id),
    landing_id: id(dialect, path.landing?.id),
    flow_id: id(dialect, path.flow.id),
    source_id: id(dialect, campaign.source?.id),
    network_id: id(dialect, path.offer?.network?.id),
    country: orNull(place.countryCode),
    region: orNull(place.region),
    city: orNull(place.city),
    device: text(device.type),
    os: orNull(device.os),
    browser: orNull(device.browser),
    ip: text(click.ip),
    user_agent: text(device.userAgent),
    referer: orNull(variant.referrer),
    ...Object.fromEntries(subs),
    cost: money(dialect, click.costMicros),
  };
}

export function conversionRecord(ledger: Ledger, dialect: Dialect, conversion: number, asOf: number): Fields {
  const { conversions, fields, catalog } = ledger;
  const click = conversions.clickIndexOf(conversion);
  const state = conversions.stateAt(conversion, asOf);
  const second = conversions.postbackSecondOf(conversion);
  return {
    id: id(dialect, shownIdOf(conversion)),
    click_id: text(fields.subId(click)),
    campaign_id: id(dialect, catalog.campaigns[ledger.campaignOf(click)]!.id),
    status: text(dialect.status(state?.status ?? '')),
    payout: money(dialect, state?.revenueMicros ?? 0),
    currency: text(ledger.options.currency),
    created_at: dialect.time(second),
    type: 'null',
    transaction_id: orNull(conversions.tidOf(conversion)),
  };
}

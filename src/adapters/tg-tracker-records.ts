// TG Tracker's entries and rows, read by the names that the connection's settings give their fields.
import { UnreadableRowError } from '../core/errors.ts';
import type { ClickRecord, ConversionRecord, Json, JsonObject, Route, SubIds } from '../core/resources.ts';
import type { Adapter } from './adapter.ts';
import { moment, requiredMoment } from './moment.ts';
import { decimal, id, isObject, list, required, text, unpacked } from './reading.ts';
import { postbackWithoutKeys, withoutSecrets } from './redact.ts';
import type { MapContext } from './sources.ts';
import type { FIELDS, TgTrackerNames } from './tg-tracker-settings.ts';

/** The value of a field, or of the first of several that has one. */
type Read<F extends string> = (item: JsonObject, ...names: [F, ...F[]]) => Json | undefined;

/** What lies at `a.b`: `b` within `a`. */
export function within(body: Json | undefined, path: readonly string[]): Json | undefined {
  let found = body;
  for (const name of path) {
    if (!isObject(found) || !Object.hasOwn(found, name)) return undefined;
    found = found[name];
  }
  return found;
}

function reader<R extends keyof typeof FIELDS>({ fields }: TgTrackerNames, resource: R) {
  const renamed = fields[resource] ?? {};
  const paths = new Map(Object.entries(renamed).map(([name, path = name]) => [name, path.split('.')]));
  const valueAt = (item: JsonObject, name: string): Json | undefined => {
    const path = paths.get(name);
    return path === undefined ? item[name] : within(item, path);
  };
  const read: Read<(typeof FIELDS)[R][number]> = (item, ...names) => {
    for (const name of names) {
      const value = valueAt(item, name);
      if (value !== undefined && value !== null && value !== '') return value;
    }
    return undefined;
  };
  return read;
}

const currencyOf = (told: Json | undefined): string | null => {
  const word = text(told)?.trim().toUpperCase() ?? '';
  return /^[A-Z]{3}$/.test(word) ? word : null;
};

type EntryField = 'id' | 'name' | 'title' | 'status' | 'created_at' | 'updated_at';

const entry = (item: JsonObject, read: Read<EntryField>, zone: string) => {
  const externalId = required(id(read(item, 'id')), 'id');
  return {
    externalId,
    name: text(read(item, 'name', 'title')) ?? `#${externalId}`,
    state: text(read(item, 'status')),
    createdAt: moment(read(item, 'created_at'), zone),
    changedAt: moment(read(item, 'updated_at'), zone),
    raw: withoutSecrets(item),
  };
};

const postbackOf = (told: Json | undefined): string | null => {
  const address = text(told);
  return address === null ? null : postbackWithoutKeys(address);
};

type Maps = { [R in keyof Adapter['catalog']]-?: NonNullable<Adapter['catalog'][R]>['map'] };

export function entryMaps(names: TgTrackerNames): Maps {
  const { timezone } = names;
  const campaign = reader(names, 'campaigns');
  const offer = reader(names, 'offers');
  const landing = reader(names, 'landing_pages');
  const flow = reader(names, 'flows');
  const source = reader(names, 'traffic_sources');
  const network = reader(names, 'affiliate_networks');
  return {
    campaigns: (item) => ({
      ...entry(item, campaign, timezone),
      ...{ alias: null, type: null, groupExternalId: null, costType: null, costValue: null },
      trafficSourceExternalId: id(campaign(item, 'source_id')),
      currency: currencyOf(campaign(item, 'currency')),
    }),
    offers: (item, { currency }) => ({
      ...entry(item, offer, timezone),
      affiliateNetworkExternalId: id(offer(item, 'network_id')),
      offerUrl: text(withoutSecrets(offer(item, 'url') ?? null)),
      payout: decimal(offer(item, 'payout'), 'payout'),
      payoutType: null,
      currency: currencyOf(offer(item, 'currency')) ?? currency,
      countries: list(unpacked(offer(item, 'country'))),
    }),
    landing_pages: (item) => ({
      ...entry(item, landing, timezone),
      ...{ type: null, offerCount: null },
      landingUrl: text(withoutSecrets(landing(item, 'url') ?? null)),
    }),
    flows: (item) => ({
      ...entry(item, flow, timezone),
      campaignExternalId: id(flow(item, 'campaign_id')),
      ...{ type: null, schema: null, position: null, weight: null, landingPages: null, offers: null, filters: null },
    }),
    traffic_sources: (item) => ({
      ...entry(item, source, timezone),
      postbackUrl: postbackOf(source(item, 'postback_url')),
      parameters: null,
    }),
    affiliate_networks: (item) => ({
      ...entry(item, network, timezone),
      postbackUrl: postbackOf(network(item, 'postback_url')),
    }),
  };
}

type RouteField = 'campaign_id' | 'offer_id' | 'landing_id' | 'flow_id' | 'source_id' | 'network_id';

const routeOf = (item: JsonObject, read: Read<RouteField>): Route => ({
  campaignExternalId: id(read(item, 'campaign_id')),
  offerExternalId: id(read(item, 'offer_id')),
  landingPageExternalId: id(read(item, 'landing_id')),
  flowExternalId: id(read(item, 'flow_id')),
  trafficSourceExternalId: id(read(item, 'source_id')),
  affiliateNetworkExternalId: id(read(item, 'network_id')),
});

function subIdsOf(item: JsonObject, read: Read<`sub${number}`>): SubIds {
  const filled: SubIds = {};
  for (let i = 1; i <= 30; i++) {
    const value = text(read(item, `sub${i}`));
    if (value !== null) filled[i] = value;
  }
  return filled;
}

export function clickMap(names: TgTrackerNames) {
  const read = reader(names, 'clicks');
  const timeOf = (item: JsonObject): Date =>
    requiredMoment(read(item, 'created_at', 'time'), names.timezone, 'created_at');
  const map = (item: JsonObject, { currency }: MapContext): ClickRecord => ({
    externalId: required(text(read(item, 'id')), 'id'),
    clickedAt: timeOf(item),
    ...routeOf(item, read),
    cost: decimal(read(item, 'cost'), 'cost'),
    revenue: null,
    currency: currencyOf(read(item, 'currency')) ?? currency,
    country: text(read(item, 'country')),
    region: text(read(item, 'region')),
    city: text(read(item, 'city')),
    deviceType: text(read(item, 'device')),
    os: text(read(item, 'os')),
    browser: text(read(item, 'browser')),
    ip: text(read(item, 'ip')),
    ...{ isBot: null, isUnique: null, landingClicked: null },
    referrer: text(read(item, 'referer')),
    subIds: subIdsOf(item, read),
    isDerived: false,
  });
  return { timeOf, map };
}

export function conversionMap(names: TgTrackerNames) {
  const read = reader(names, 'conversions');
  const timeOf = (item: JsonObject): Date =>
    requiredMoment(read(item, 'created_at', 'time'), names.timezone, 'created_at');
  const map = (item: JsonObject, { currency }: MapContext): ConversionRecord => {
    const click = text(read(item, 'click_id'));
    const transaction = text(read(item, 'transaction_id'));
    const type = text(read(item, 'type'));
    const payout = decimal(read(item, 'payout'), 'payout');
    const told = decimal(read(item, 'revenue'), 'revenue');
    return {
      externalId: text(read(item, 'id')) ?? keyWithoutId(click, transaction, type),
      clickExternalId: click,
      transactionId: transaction,
      convertedAt: timeOf(item),
      clickedAt: null,
      rawStatus: required(text(read(item, 'status')), 'status'),
      type,
      isReversal: /^-.*[1-9]/.test(told ?? payout ?? ''),
      // One amount goes by either name; where both are told, each is what it is called.
      revenue: told ?? payout,
      payout: told === null ? null : payout,
      currency: currencyOf(read(item, 'currency')) ?? currency,
      ...routeOf(item, read),
      country: text(read(item, 'country')),
      subIds: subIdsOf(item, read),
      raw: withoutSecrets(item),
    };
  };
  return { timeOf, map };
}

/** One click can own several conversions: its transaction tells them apart, or else their kind. */
function keyWithoutId(click: string | null, transaction: string | null, type: string | null): string {
  if (click !== null) return `${click}:${transaction ?? type ?? ''}`;
  if (transaction === null) throw new UnreadableRowError('id is missing');
  return `transaction:${transaction}`;
}

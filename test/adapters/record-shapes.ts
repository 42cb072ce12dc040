// What every record of every adapter must look like, to the last field: a missing one fails as much as one too many.
import { z } from 'zod';
import type { CatalogResource, Json, LogResource } from '../../src/core/resources.ts';

const text = z.string().min(1);
const maybe = text.nullable();
const time = z.date();
const flag = z.boolean().nullable();
/** An exact decimal, never a float; JSON numbers have been turned into their text. */
const money = z
  .string()
  .regex(/^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?$/)
  .nullable();
const currency = z.string().regex(/^[A-Z]{3}$/);
const json = z.custom<Json>((value) => value !== undefined && JSON.stringify(value) !== undefined);
const raw = z.record(z.string(), json);
const subIds = z.record(z.string().regex(/^([1-9]|[12]\d|30)$/), text);

const common = {
  externalId: text,
  name: text,
  state: maybe,
  createdAt: time.nullable(),
  changedAt: time.nullable(),
  raw,
};

export const CATALOG_SHAPES: Record<CatalogResource, z.ZodType> = {
  campaigns: z.strictObject({
    ...common,
    ...{ alias: maybe, type: maybe, groupExternalId: maybe, trafficSourceExternalId: maybe, costType: maybe },
    ...{ costValue: money, currency: currency.nullable() },
  }),
  offers: z.strictObject({
    ...common,
    ...{ affiliateNetworkExternalId: maybe, offerUrl: maybe, payout: money, payoutType: maybe },
    ...{ currency: currency.nullable(), countries: z.array(text) },
  }),
  landing_pages: z.strictObject({ ...common, type: maybe, landingUrl: maybe, offerCount: z.int().nullable() }),
  flows: z.strictObject({
    ...common,
    ...{ campaignExternalId: maybe, type: maybe, schema: maybe, position: z.int().nullable(), weight: money },
    ...{ landingPages: json, offers: json, filters: json },
  }),
  traffic_sources: z.strictObject({ ...common, postbackUrl: maybe, parameters: json }),
  affiliate_networks: z.strictObject({ ...common, postbackUrl: maybe }),
};

const route = {
  ...{ campaignExternalId: maybe, offerExternalId: maybe, landingPageExternalId: maybe, flowExternalId: maybe },
  ...{ trafficSourceExternalId: maybe, affiliateNetworkExternalId: maybe },
};

export const LOG_SHAPES: Record<LogResource, z.ZodType> = {
  clicks: z.strictObject({
    ...route,
    ...{ externalId: text, clickedAt: time, cost: money, revenue: money, currency, subIds, isDerived: z.boolean() },
    ...{ country: maybe, region: maybe, city: maybe, deviceType: maybe, os: maybe, browser: maybe, ip: maybe },
    ...{ isBot: flag, isUnique: flag, landingClicked: flag, referrer: maybe },
  }),
  conversions: z.strictObject({
    ...route,
    ...{
      externalId: text,
      clickExternalId: maybe,
      transactionId: maybe,
      convertedAt: time,
      clickedAt: time.nullable(),
    },
    // Empty is a word too, where a tracker leaves it so.
    ...{ rawStatus: z.string(), type: maybe, isReversal: z.boolean(), revenue: money, payout: money, currency },
    ...{ country: maybe, subIds, raw },
  }),
};

// The catalog lists: campaigns, offers, landing pages, flows, traffic sources, affiliate networks.
import { createRoute, z } from '@hono/zod-openapi';
import { type CatalogItems, type CatalogTableName, listCatalog } from '../store/lists-catalog.ts';
import { withOrganization } from '../store/tenancy.ts';
import type { ApiDeps } from './deps.ts';
import { asId } from './ids.ts';
import { listAnswer, listOf, pageAsk, pagingQuery } from './paging.ts';
import { problemResponses } from './problems.ts';
import { createRouter, jsonAnswer } from './router.ts';
import { decimal, id, iso, json, maybeIso, maybeTime, time } from './wire.ts';

const text = z.string().nullable();
const amount = decimal.nullable();

const common = {
  id,
  configId: id,
  externalId: z.string(),
  name: z.string(),
  state: text,
  createdAt: maybeTime,
  changedAt: maybeTime,
  firstSeenAt: time,
  updatedAt: time,
  goneAt: maybeTime,
};

const campaign = z.object({
  ...common,
  ...{ alias: text, type: text, trafficSourceExternalId: text, groupExternalId: text },
  ...{ costType: text, costValue: amount, currency: text },
});
const offer = z.object({
  ...common,
  ...{ affiliateNetworkExternalId: text, offerUrl: text, payout: amount, payoutType: text, currency: text },
  countries: z.array(z.string()),
});
const landingPage = z.object({ ...common, type: text, landingUrl: text, offerCount: z.int().nullable() });
const flow = z.object({
  ...common,
  ...{ campaignExternalId: text, type: text, schema: text, position: z.int().nullable(), weight: amount },
  ...{ landingPages: json, offers: json, filters: json },
});
const trafficSource = z.object({ ...common, postbackUrl: text, parameters: json });
const affiliateNetwork = z.object({ ...common, postbackUrl: text });

const query = z.strictObject({
  ...pagingQuery,
  configId: z.string().max(100).optional(),
  state: z.string().max(50).optional().openapi({ description: "The tracker's own word." }),
  q: z.string().min(1).max(200).optional().openapi({ description: 'Part of the name, or an id.' }),
});

const listRoute = <S extends z.ZodType>(noun: string, item: S) =>
  createRoute({
    method: 'get',
    path: '/',
    tags: ['catalog'],
    summary: `The ${noun}, newest first`,
    request: { query },
    responses: { 200: jsonAnswer('A page of them.', listOf(item)), ...problemResponses(400) },
  });

type Times = 'createdAt' | 'changedAt' | 'firstSeenAt' | 'updatedAt' | 'goneAt';
type Timed = {
  createdAt: Date | null;
  changedAt: Date | null;
  firstSeenAt: Date;
  updatedAt: Date;
  goneAt: Date | null;
};

const withTimes = <T extends Timed>(item: T): Omit<T, Times> & Wire => ({
  ...item,
  createdAt: maybeIso(item.createdAt),
  changedAt: maybeIso(item.changedAt),
  firstSeenAt: iso(item.firstSeenAt),
  updatedAt: iso(item.updatedAt),
  goneAt: maybeIso(item.goneAt),
});
type Wire = { [K in Times]: K extends 'firstSeenAt' | 'updatedAt' ? string : string | null };

export function catalog(deps: ApiDeps) {
  const pageOf = async <T extends CatalogTableName>(
    organizationId: string,
    table: T,
    asked: z.output<typeof query>,
  ) => {
    const filter = {
      state: asked.state,
      q: asked.q,
      configId: asked.configId === undefined ? undefined : asId(asked.configId),
    };
    const ask = pageAsk(asked);
    const page = await withOrganization(deps.db, organizationId, (tx) => listCatalog(tx, table, filter, ask));
    return listAnswer<CatalogItems[T], Omit<CatalogItems[T], Times> & Wire>(page, withTimes);
  };

  return {
    campaigns: createRouter().openapi(listRoute('campaigns', campaign.openapi('Campaign')), async (c) =>
      c.json(await pageOf(c.var.organizationId, 'campaign', c.req.valid('query')), 200),
    ),
    offers: createRouter().openapi(listRoute('offers', offer.openapi('Offer')), async (c) =>
      c.json(await pageOf(c.var.organizationId, 'offer', c.req.valid('query')), 200),
    ),
    landingPages: createRouter().openapi(listRoute('landing pages', landingPage.openapi('LandingPage')), async (c) =>
      c.json(await pageOf(c.var.organizationId, 'landing_page', c.req.valid('query')), 200),
    ),
    flows: createRouter().openapi(listRoute('flows', flow.openapi('Flow')), async (c) =>
      c.json(await pageOf(c.var.organizationId, 'flow', c.req.valid('query')), 200),
    ),
    trafficSources: createRouter().openapi(
      listRoute('traffic sources', trafficSource.openapi('TrafficSource')),
      async (c) => c.json(await pageOf(c.var.organizationId, 'traffic_source', c.req.valid('query')), 200),
    ),
    affiliateNetworks: createRouter().openapi(
      listRoute('affiliate networks', affiliateNetwork.openapi('AffiliateNetwork')),
      async (c) => c.json(await pageOf(c.var.organizationId, 'affiliate_network', c.req.valid('query')), 200),
    ),
  };
}

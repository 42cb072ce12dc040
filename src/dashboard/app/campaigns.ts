// Ad campaigns that were uploaded, and a tracker's own campaigns, to choose from.
import { queryOptions } from '@tanstack/react-query';
import { answered, api } from './client.ts';

export type AdCampaign = Awaited<ReturnType<typeof findAdCampaigns>>[number];
export type Campaign = Awaited<ReturnType<typeof readCampaigns>>[number];

const SHOWN = 50;
const MOST = 1_000;

const findAdCampaigns = async (q: string) =>
  (await answered(api.ads.$get({ query: { level: 'ad_campaign', limit: String(SHOWN), ...(q !== '' && { q }) } })))
    .items;

const findCampaigns = async (q: string, configId: string | undefined) =>
  (
    await answered(
      api.campaigns.$get({ query: { limit: String(SHOWN), ...(q !== '' && { q }), ...(configId && { configId }) } }),
    )
  ).items;

async function readCampaigns(configId: string) {
  const items = [];
  let cursor: string | undefined;
  do {
    const query = { configId, limit: String(MOST), ...(cursor && { cursor }) };
    const page = await answered(api.campaigns.$get({ query }));
    items.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return items;
}

/** The newest fifty by part of the name, or by id. */
export const adCampaignsQuery = (q: string) =>
  queryOptions({ queryKey: ['ad campaigns', q], queryFn: () => findAdCampaigns(q) });
export const campaignsOfQuery = (configId: string) =>
  queryOptions({ queryKey: ['campaigns', configId], queryFn: () => readCampaigns(configId), staleTime: 60_000 });
export const findCampaignsQuery = (q: string, configId: string | undefined) =>
  queryOptions({ queryKey: ['campaigns found', q, configId ?? null], queryFn: () => findCampaigns(q, configId) });

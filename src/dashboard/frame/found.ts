// Campaigns and offers whose name holds what is typed, of all trackers.
import { queryOptions } from '@tanstack/react-query';
import { answered, api } from '../app/client.ts';

export interface Found {
  id: string;
  configId: string;
  externalId: string;
  name: string | null;
}

export const NOTHING_FOUND: { campaigns: Found[]; offers: Found[] } = { campaigns: [], offers: [] };

const SHOWN = '5';
const SHORTEST = 2;

async function find(q: string): Promise<typeof NOTHING_FOUND> {
  const query = { q, limit: SHOWN };
  const [campaigns, offers] = await Promise.all([
    answered(api.campaigns.$get({ query })),
    answered(api.offers.$get({ query })),
  ]);
  return { campaigns: campaigns.items, offers: offers.items };
}

export const foundQuery = (q: string) =>
  queryOptions({
    queryKey: ['found', q],
    queryFn: () => find(q),
    enabled: q.length >= SHORTEST,
    placeholderData: q.length < SHORTEST ? NOTHING_FOUND : (earlier) => earlier,
  });

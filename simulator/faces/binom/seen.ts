// What of the ledger's campaigns the key's user sees, and by which names.
import type { Campaign, Catalog } from '../../ledger/catalog.ts';
import type { BinomOptions } from './options.ts';

/** A user with limited rights gets fewer, and no word about it. */
export const seenCampaigns = ({ campaigns }: Catalog, { sees, sameNames }: BinomOptions): Campaign[] =>
  campaigns
    .slice(0, sees ?? campaigns.length)
    .map((campaign, i) => (sameNames && i === 1 ? { ...campaign, name: campaigns[0]!.name } : campaign));

/** By their ids. */
export const seenById = (catalog: Catalog, own: BinomOptions): ReadonlyMap<number, Campaign> =>
  new Map(seenCampaigns(catalog, own).map((campaign) => [campaign.id, campaign]));

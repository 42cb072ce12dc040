// The simulated Voluum: how it is connected, with either login, and what it tells of the ledger's rows.
import { addressOf } from '../../simulator/client.ts';
import { uuidOf } from '../../simulator/faces/voluum/ids.ts';
import { ACCESS_ID, EMAIL } from '../../simulator/faces/voluum/tokens.ts';
import type { LedgerAccess } from '../../simulator/hosted-ledgers.ts';
import type { Connection } from '../../src/adapters/adapter.ts';
import type { Tells } from './truth-records.ts';

/** No conversion changes by itself: each is one row, and none a correction. */
export const STILL = { statusChangeAfterHoursMin: 5_000, statusChangeAfterHoursMax: 6_000 };

export const byAccessKey = (apiKey: string) => ({ accessId: ACCESS_ID, accessKey: apiKey });
export const byEmail = (apiKey: string) => ({ email: EMAIL, password: apiKey });

export const connectionTo = (access: LedgerAccess, credentials: Record<string, string>): Connection => ({
  url: addressOf(access, 'voluum'),
  credentials,
  settings: { currency: 'USD', timezone: 'UTC' },
});

const orNone = (kind: Parameters<typeof uuidOf>[0], id: number | null): string | null =>
  id === null ? null : uuidOf(kind, id);

/** What is rejected has no money; a live visit tells no money, no flow and no network. */
export const tells: Tells = (record, truth) => {
  const campaignExternalId = uuidOf('campaign', truth.campaignId);
  if ('convertedAt' in record && 'tid' in truth) {
    const { type: _, rawStatus: __, ...told } = record;
    const at = new Date(truth.at).toISOString();
    return {
      ...told,
      externalId: `${truth.subId}|${truth.tid}|${/upsell|rebill/.test(truth.status) ? 2 : 0}|${at}`,
      campaignExternalId,
      revenue: /^(rejected|trash)$/.test(truth.status) ? '0' : truth.revenue,
      isReversal: false,
    };
  }
  if (!('landingId' in truth) || 'convertedAt' in record) throw new Error('a click of a conversion');
  return {
    ...record,
    ...{ campaignExternalId, flowExternalId: null, affiliateNetworkExternalId: null, cost: null, revenue: null },
    ...{ isBot: null, isUnique: null, landingClicked: null },
    deviceType: truth.deviceType === 'unknown' ? null : truth.deviceType,
    offerExternalId: orNone('offer', truth.offerId),
    landingPageExternalId: orNone('lander', truth.landingId),
    trafficSourceExternalId: orNone('source', truth.trafficSourceId),
  };
};

// What a fake BeMob tells of the ledger's truth: ids and words of its own, keys made of click, event and transaction.
import { addressOf } from '../../simulator/client.ts';
import { eventOf, idText, statusWord } from '../../simulator/faces/bemob/values.ts';
import type { LedgerAccess } from '../../simulator/hosted-ledgers.ts';
import type { Connection } from '../../src/adapters/adapter.ts';
import { bemob } from '../../src/adapters/bemob.ts';
import { settingsOf } from '../../src/adapters/settings.ts';
import type { Tells } from './truth-records.ts';

/** Of the fake account, where its options name no other. */
export const ACCESS_KEY = 'access-key-0123456789';

export const connectionTo = (access: LedgerAccess, secretKey = access.apiKey, accessKey = ACCESS_KEY): Connection => ({
  url: addressOf(access, 'bemob'),
  credentials: { accessKey, secretKey },
  settings: settingsOf(bemob, {}),
});

const orNull = (text: string): string | null => (text === '' ? null : text);

/** Without a transaction, by its time. */
export const conversionKey = ({ subId, tid, at }: { subId: string; tid: string; at: string }): string =>
  tid === '' ? `${subId}|||${new Date(at).toISOString()}` : `${subId}|${eventOf(tid)}|${tid}`;

/** A visit tells nothing of revenue, bots or the next step. */
export const tells: Tells = (record, truth) => {
  const campaignExternalId = idText('campaign', truth.campaignId);
  if ('convertedAt' in record && 'tid' in truth) {
    const rawStatus = statusWord(truth.status);
    const told = { campaignExternalId, rawStatus, isReversal: false, type: orNull(eventOf(truth.tid)) };
    return { ...record, ...told, externalId: conversionKey(truth) };
  }
  if (!('landingId' in truth)) throw new Error('a visit of a conversion');
  return {
    ...record,
    ...{ campaignExternalId, revenue: null, isBot: null, isUnique: null, landingClicked: null },
    offerExternalId: orNull(idText('offer', truth.offerId)),
    landingPageExternalId: orNull(idText('lander', truth.landingId)),
    flowExternalId: idText('flow', truth.flowId),
    trafficSourceExternalId: orNull(idText('source', truth.trafficSourceId)),
    affiliateNetworkExternalId: orNull(idText('network', truth.affiliateNetworkId)),
  };
};

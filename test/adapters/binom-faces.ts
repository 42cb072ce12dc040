// What a fake Binom tells of the ledger's truth: one conversion a click, its own words, flows that campaigns carry within.
import { addressOf } from '../../simulator/client.ts';
import { sharedRotationOf, statusWord } from '../../simulator/faces/binom/values.ts';
import type { LedgerAccess } from '../../simulator/hosted-ledgers.ts';
import { decimalOf } from '../../simulator/ledger/money.ts';
import type { TruthConversion } from '../../simulator/ledger/truth-rows.ts';
import type { Connection } from '../../src/adapters/adapter.ts';
import { binomV2 } from '../../src/adapters/binom-v2.ts';
import { settingsOf } from '../../src/adapters/settings.ts';
import { sumMicros } from '../simulator/panel.ts';
import type { Fold, Tells } from './truth-records.ts';

export const connectionTo = (access: LedgerAccess, settings: object = {}, apiKey = access.apiKey): Connection => ({
  url: addressOf(access, 'binom_v2'),
  credentials: { apiKey },
  settings: settingsOf(binomV2, settings),
});

/** A second postback changes the first, and its payout is added. */
export const fold: Fold = (rows) => {
  const clicks = Map.groupBy(rows, ({ subId }) => subId);
  return [...clicks.values()].map((ofClick): TruthConversion => {
    const revenue = decimalOf(Number(sumMicros(ofClick.map((row) => row.revenue))));
    return { ...ofClick[0]!, status: ofClick.at(-1)!.status, revenue };
  });
};

export const flowOf = (campaignId: number): string => {
  const shared = sharedRotationOf({ id: campaignId });
  return shared === null ? `campaign-${campaignId}` : String(shared);
};

/** A click's payout is told as that of all its postbacks, which the ledger counts otherwise. */
export const tells: Tells = (record, truth) => {
  if ('convertedAt' in record) {
    const { subId, status } = truth as TruthConversion;
    return {
      ...record,
      ...{ externalId: subId, transactionId: null, rawStatus: statusWord(status), isReversal: false },
    };
  }
  const { revenue: _, ...told } = record;
  return { ...told, flowExternalId: flowOf(truth.campaignId) };
};

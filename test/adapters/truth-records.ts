// The ledger's truth as the records that an adapter should make of it, and both brought to text that can be compared.
import type { LedgerControl, TruthRange } from '../../simulator/client.ts';
import type { TruthClick, TruthConversion } from '../../simulator/ledger/truth-rows.ts';
import type { ClickRecord, ConversionRecord, LogResource } from '../../src/core/resources.ts';
import type { Range } from '../../src/core/windows.ts';

const orNull = (value: string | number | null): string | null =>
  value === null || value === '' ? null : String(value);

export function clickOf(truth: TruthClick): ClickRecord {
  return {
    externalId: truth.subId,
    clickedAt: new Date(truth.at),
    campaignExternalId: String(truth.campaignId),
    offerExternalId: orNull(truth.offerId),
    landingPageExternalId: orNull(truth.landingId),
    flowExternalId: String(truth.flowId),
    trafficSourceExternalId: orNull(truth.trafficSourceId),
    affiliateNetworkExternalId: orNull(truth.affiliateNetworkId),
    ...{ cost: truth.cost, revenue: truth.revenue, currency: 'USD' },
    ...{ country: orNull(truth.countryCode), region: orNull(truth.region), city: orNull(truth.city) },
    ...{ deviceType: truth.deviceType, os: orNull(truth.os), browser: orNull(truth.browser), ip: truth.ip },
    ...{ isBot: truth.isBot, isUnique: truth.isUniqueInCampaign, landingClicked: truth.landingClickedAt !== null },
    ...{ referrer: orNull(truth.referrer), subIds: truth.subIds, isDerived: false },
  };
}

/** All but what only the click knows and `raw`. */
export type ToldConversion = Omit<
  ConversionRecord,
  | 'raw'
  | 'country'
  | 'subIds'
  | 'offerExternalId'
  | 'landingPageExternalId'
  | 'flowExternalId'
  | 'trafficSourceExternalId'
  | 'affiliateNetworkExternalId'
>;

const MONEY_GIVEN = new Set(['sale', 'rebill', 'deposit']);
const MONEY_TAKEN = new Set(['rejected', 'trash']);

export function conversionOf(truth: TruthConversion): ToldConversion {
  return {
    externalId: `${truth.subId}:${truth.tid}`,
    ...{ clickExternalId: truth.subId, transactionId: orNull(truth.tid) },
    ...{ convertedAt: new Date(truth.at), clickedAt: new Date(truth.clickAt) },
    campaignExternalId: String(truth.campaignId),
    ...{ rawStatus: truth.status, type: null, revenue: truth.revenue, payout: null, currency: 'USD' },
    isReversal: MONEY_TAKEN.has(truth.status) && MONEY_GIVEN.has(truth.previousStatus),
  };
}

export type Told = Partial<ClickRecord> | Partial<ConversionRecord>;

/** What a face tells of a record, and in which words; the row it was made of has more. */
export type Tells = (record: ClickRecord | ToldConversion, row: TruthClick | TruthConversion) => Told;

/** Several conversions told as one: given all of the ledger's, in order of postbacks. */
export type Fold = (rows: TruthConversion[]) => TruthConversion[];

/** The truth of a window, as far as a face tells it. */
export async function truthOf(
  ledger: LedgerControl,
  resource: LogResource,
  { from, to }: Range,
  tells: Tells = (record) => record,
  fold?: Fold,
): Promise<Told[]> {
  const range: TruthRange = { from: from.toISOString(), to: to.toISOString() };
  const records: Told[] = [];
  if (resource === 'clicks') {
    for await (const row of ledger.truthClicks(range)) records.push(tells(clickOf(row), row));
  } else if (fold !== undefined) {
    const rows: TruthConversion[] = [];
    for await (const row of ledger.truthConversions()) rows.push(row);
    const isWithin = (row: TruthConversion): boolean => new Date(row.at) >= from && new Date(row.at) < to;
    records.push(
      ...fold(rows)
        .filter(isWithin)
        .map((row) => tells(conversionOf(row), row)),
    );
  } else {
    for await (const row of ledger.truthConversions(range)) records.push(tells(conversionOf(row), row));
  }
  return records;
}

/** What one list of records has more than the other, as lines with the given fields alone; each with its first three. */
export function difference(found: readonly object[], truth: readonly object[], fields: readonly string[]) {
  const left = linesOf(truth, fields);
  const lost = new Map<string, number>();
  for (const line of left) lost.set(line, (lost.get(line) ?? 0) + 1);
  const unexpected = linesOf(found, fields).filter((line) => {
    const count = lost.get(line) ?? 0;
    lost.set(line, count - 1);
    return count <= 0;
  });
  const missing = [...lost].flatMap(([line, count]) => Array<string>(Math.max(0, count)).fill(line));
  return {
    lost: missing.length,
    unexpected: unexpected.length,
    examples: [missing.slice(0, 3), unexpected.slice(0, 3)],
  };
}

/** Nothing lost, nothing doubled, nothing changed: money to the last digit. */
export const NO_DIFFERENCE = { lost: 0, unexpected: 0, examples: [[], []] };

function linesOf(records: readonly object[], fields: readonly string[]): string[] {
  return records.map((record) =>
    JSON.stringify(fields.map((field) => [field, plain(field, (record as Record<string, unknown>)[field])])),
  );
}

const MONEY = new Set(['cost', 'revenue', 'payout']);

function plain(field: string, value: unknown): unknown {
  if (MONEY.has(field) && typeof value === 'string') return plainDecimal(value);
  return value instanceof Date ? value.toISOString() : value;
}

/** `1.50` and `1.5` are one amount; nothing is rounded. */
export const plainDecimal = (amount: string): string =>
  amount.includes('.') && !/e/i.test(amount) ? amount.replace(/\.?0+$/, '') : amount;

// Exact totals of a ledger, for tests to compare with.
import type { Ledger } from './ledger.ts';
import { decimalOf } from './money.ts';

const chunkRows = 10_000;

export interface TruthQuery {
  /** Seconds since 1970, half-open. */
  from: number;
  to: number;
  asOf: number;
  /** Which time puts a conversion into the range: its postback's or its click's. */
  by: 'postback' | 'click';
}

export interface MoneyCount {
  count: number;
  revenue: string;
}

export interface Sums {
  clicks: number;
  cost: string;
  /** Of the clicks, as of the asked moment: rejected and trash do not count. */
  revenue: string;
  /** Conversions by raw status. */
  conversions: Record<string, MoneyCount>;
}

export interface Truth extends Sums {
  /** By campaign id. */
  perCampaign: Record<string, Sums>;
  /** By UTC day, YYYY-MM-DD. */
  perDay: Record<string, Sums>;
}

/** A conversion as a product tells it, or one of several rows that it has of it. */
export interface ToldConversion {
  /** Its number in the ledger. */
  conversion: number;
  /** When it counts. */
  second: number;
  status: string;
  revenueMicros: number;
}

/**
 * Adds up a range. Costs a pass over its clicks.
 * @param told its conversions; default: one by one, in the ledger's words
 */
export function truthOf(
  ledger: Ledger,
  query: TruthQuery,
  told: Iterable<ToldConversion> = conversionsAsTheyAre(ledger, query),
): Truth {
  const all = new Bucket();
  const perCampaign = new Map<string, Bucket>();
  const perDay = new Map<string, Bucket>();
  const bucketsOf = (campaignId: number, second: number) => [
    all,
    bucketIn(perCampaign, String(campaignId)),
    bucketIn(perDay, isoOf(second).slice(0, 10)),
  ];
  for (const index of clicksOf(ledger, query)) {
    const campaign = ledger.campaignOf(index);
    const second = ledger.order.secondOf(index);
    const cost = ledger.costMicros(index, campaign, second);
    const revenue = ledger.resultOf(index, query.asOf)?.revenueMicros ?? 0;
    for (const bucket of bucketsOf(ledger.catalog.campaigns[campaign]!.id, second)) bucket.addClick(cost, revenue);
  }
  for (const { conversion, second, status, revenueMicros } of told) {
    const campaign = ledger.campaignOf(ledger.conversions.clickIndexOf(conversion));
    const campaignId = ledger.catalog.campaigns[campaign]!.id;
    for (const bucket of bucketsOf(campaignId, second)) bucket.addConversion(status, revenueMicros);
  }
  return { ...all.sums(), perCampaign: sumsOf(perCampaign), perDay: sumsOf(perDay) };
}

/** The conversions of a range, one by one, in the ledger's words. */
export function* conversionsAsTheyAre(ledger: Ledger, query: TruthQuery): Generator<ToldConversion> {
  const { conversions, order } = ledger;
  for (const conversion of conversionsOf(ledger, query)) {
    const { status, revenueMicros } = conversions.stateAt(conversion, query.asOf)!;
    const click = conversions.clickIndexOf(conversion);
    const second = query.by === 'click' ? order.secondOf(click) : conversions.postbackSecondOf(conversion);
    yield { conversion, second, status, revenueMicros };
  }
}

/** Numbers of the clicks of a range, in order of time. */
export function* clicksOf(ledger: Ledger, { from, to, asOf }: TruthQuery): Generator<number> {
  ledger.planUntil(asOf);
  const end = Math.min(to, asOf);
  for (let offset = 0; ; offset += chunkRows) {
    const indexes = ledger.order.slice(from, end, offset, chunkRows);
    yield* indexes;
    if (indexes.length < chunkRows) return;
  }
}

/** Numbers of the conversions of a range, in order of postbacks. */
export function conversionsOf(ledger: Ledger, { from, to, asOf, by }: TruthQuery): number[] {
  ledger.planUntil(asOf);
  const { conversions, order } = ledger;
  if (by === 'postback') {
    const { first, end } = conversions.postbacksBetween(from, Math.min(to, asOf));
    return conversions.inPostbackOrder(first, end);
  }
  const { first, end } = conversions.postbacksBetween(0, asOf);
  return conversions.inPostbackOrder(first, end).filter((id) => {
    const click = conversions.clickIndexOf(id);
    const second = order.secondOf(click);
    return second >= from && second < to && order.has(click);
  });
}

class Bucket {
  #clicks = 0;
  #cost = 0;
  #revenue = 0;
  readonly #conversions = new Map<string, { count: number; micros: number }>();

  addClick(costMicros: number, revenueMicros: number): void {
    this.#clicks++;
    this.#cost += costMicros;
    this.#revenue += revenueMicros;
  }

  addConversion(status: string, micros: number): void {
    const before = this.#conversions.get(status) ?? { count: 0, micros: 0 };
    this.#conversions.set(status, { count: before.count + 1, micros: before.micros + micros });
  }

  sums(): Sums {
    const conversions = [...this.#conversions].map(([status, { count, micros }]): [string, MoneyCount] => [
      status,
      { count, revenue: decimalOf(micros) },
    ]);
    return {
      clicks: this.#clicks,
      cost: decimalOf(this.#cost),
      revenue: decimalOf(this.#revenue),
      conversions: Object.fromEntries(conversions.sort(([a], [b]) => (a < b ? -1 : 1))),
    };
  }
}

function bucketIn(buckets: Map<string, Bucket>, key: string): Bucket {
  let bucket = buckets.get(key);
  if (!bucket) {
    bucket = new Bucket();
    buckets.set(key, bucket);
  }
  return bucket;
}

function sumsOf(buckets: Map<string, Bucket>): Record<string, Sums> {
  return Object.fromEntries([...buckets].map(([key, bucket]) => [key, bucket.sums()]));
}

export function isoOf(second: number): string {
  return new Date(second * 1000).toISOString();
}

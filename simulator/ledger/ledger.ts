// The truth of one fake tracker: a pure function of seed and time, plus what was changed by hand since.
import type { Catalog } from './catalog.ts';
import { ClickOrder } from './click-order.ts';
import { addConversion, type ClickResult, noResult } from './click-result.ts';
import { type Click, ClickFields } from './clicks.ts';
import { Clock } from './clock.ts';
import { Conversions } from './conversions.ts';
import { devices } from './devices.ts';
import { makeCatalog } from './make-catalog.ts';
import { scaleMicros } from './money.ts';
import type { LedgerOptions } from './options.ts';
import { places } from './places.ts';
import { Timeline } from './timeline.ts';

export interface Restatement {
  fromSecond: number;
  toSecond: number;
  /** Position in the catalog, or null for all campaigns. */
  campaign: number | null;
  factorMillionths: number;
}

/**
 * One ledger. Times are whole seconds since 1970, ranges half-open. A click or a change is there from the second after
 * its own on, so that every second that is over is complete.
 */
export class Ledger {
  readonly options: LedgerOptions;
  readonly catalog: Catalog;
  readonly clock: Clock;
  readonly timeline: Timeline;
  readonly fields: ClickFields;
  readonly order: ClickOrder;
  readonly conversions: Conversions;
  readonly #handmade = new Map<number, { campaign: number | null; costMicros: number | null }>();
  readonly #restatements: Restatement[] = [];

  constructor(options: LedgerOptions, processStartedAt: number) {
    this.options = options;
    const anchorMs = options.anchorAt === undefined ? processStartedAt : Date.parse(options.anchorAt);
    this.clock = new Clock(options.frozenAt);
    this.timeline = new Timeline(options, anchorMs);
    this.catalog = makeCatalog(options, this.timeline.startSecond);
    this.fields = new ClickFields(options.seed, this.catalog);
    this.order = new ClickOrder(this.timeline);
    this.conversions = new Conversions(options, this.timeline, { payoutMicros: (index) => this.#payoutMicros(index) });
  }

  /** The present second, with everything before it planned. */
  now(): number {
    const second = this.clock.nowSecond();
    this.planUntil(second);
    return second;
  }

  planUntil(second: number): void {
    this.timeline.extendTo(second);
    this.conversions.planAhead();
  }

  /** Position of the click's campaign in the catalog. */
  campaignOf(index: number): number {
    return this.#handmade.get(index)?.campaign ?? this.fields.campaign(index);
  }

  /** Cost after restatements. */
  costMicros(index: number, campaign: number, second: number): number {
    let cost = this.#handmade.get(index)?.costMicros ?? this.fields.costMicros(index, campaign);
    for (const part of this.#restatements) {
      const isMeant = part.campaign === null || part.campaign === campaign;
      if (isMeant && second >= part.fromSecond && second < part.toSecond)
        cost = scaleMicros(cost, part.factorMillionths);
    }
    return cost;
  }

  /** What the conversions of a click say before `asOf`; null when it has none by then. */
  resultOf(index: number, asOf: number): ClickResult | null {
    let result: ClickResult | null = null;
    for (const id of this.conversions.ofClick(index)) {
      const state = this.conversions.stateAt(id, asOf);
      if (!state) continue;
      result ??= { ...noResult };
      addConversion(result, state);
    }
    return result;
  }

  /** A converted click is no bot. */
  isBot(index: number): boolean {
    return this.fields.isBot(index) && this.conversions.ofClick(index).length === 0;
  }

  /** Second of the click on the landing page, or null. A converted click went through its landing page. */
  landingClickedAt(index: number, second: number, hasLanding: boolean): number | null {
    if (!hasLanding) return null;
    const delay = this.fields.landingDelay(index);
    if (delay !== null) return second + delay;
    return this.conversions.ofClick(index).length > 0 ? second + 20 : null;
  }

  /** One click with every field as of a moment. */
  click(index: number, asOf: number): Click {
    const fields = this.fields;
    const second = this.order.secondOf(index);
    const position = this.campaignOf(index);
    const campaign = this.catalog.campaigns[position]!;
    const path = campaign.paths[fields.path(index, position)]!;
    return {
      index,
      subId: fields.subId(index),
      second,
      campaign,
      path,
      variant: campaign.variants[fields.variant(index, position)]!,
      place: places[fields.place(index)]!,
      device: devices[fields.device(index)]!,
      ip: fields.ip(index),
      platformClickId: fields.platformClickId(index, position),
      costMicros: this.costMicros(index, position, second),
      revenueMicros: this.resultOf(index, asOf)?.revenueMicros ?? 0,
      isBot: this.isBot(index),
      isUniqueInCampaign: fields.isUniqueInCampaign(index),
      landingClickedAt: this.landingClickedAt(index, second, path.landing !== null),
    };
  }

  /** Adds clicks with their own campaign and cost where given; returns their numbers. */
  addClicks(second: number, count: number, campaign: number | null, costMicros: number | null): number[] {
    const indexes = this.order.add(second, count);
    for (const index of indexes) this.#handmade.set(index, { campaign, costMicros });
    return indexes;
  }

  restateCost(restatement: Restatement): void {
    this.#restatements.push(restatement);
  }

  #payoutMicros(index: number): number {
    const position = this.campaignOf(index);
    const { flow, offer } = this.catalog.campaigns[position]!.paths[this.fields.path(index, position)]!;
    return (offer ?? flow.offers[0]!.offer).payoutMicros;
  }
}

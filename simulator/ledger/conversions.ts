// Which clicks convert, when their postbacks come, and what state a conversion is in at a moment.
import { draw, drawBelow, drawHex, drawUuid, keyOf } from './hash.ts';
import type { LedgerOptions } from './options.ts';
import { firstPosition } from './search.ts';
import { type PlanOptions, planSteps, type Step } from './status-plan.ts';
import type { Timeline } from './timeline.ts';

/** Numbers from here on are clicks and conversions added later. */
export const firstAdded = 2 ** 31;
const firstShownAdded = 900_000_001;

export interface ConversionState {
  status: string;
  /** Empty while the conversion has not changed. */
  previousStatus: string;
  revenueMicros: number;
  /** Second of the step that made it a sale or a deposit, or null. */
  saleSecond: number | null;
}

interface AddedConversion {
  clickIndex: number;
  postbackSecond: number;
  tid: string;
  steps: Step[];
}

/** The number a tracker shows for a conversion: from 1 on, those added later from 900,000,001 on. */
export function shownIdOf(conversion: number): number {
  return conversion >= firstAdded ? firstShownAdded + conversion - firstAdded : conversion + 1;
}

/** The conversion behind a number that a tracker shows. */
export function conversionOf(shownId: number): number {
  return shownId >= firstShownAdded ? firstAdded + shownId - firstShownAdded : shownId - 1;
}

/** What the conversions need to know of a click. */
export interface ClickMoney {
  payoutMicros(clickIndex: number): number;
}

/** Conversions are numbered in order of their clicks; `byPostback` holds the numbers in order of their postbacks. */
export class Conversions {
  readonly #key: number;
  readonly #timeline: Timeline;
  readonly #money: ClickMoney;
  readonly #plan: PlanOptions;
  readonly #clicksPerConversion: number;
  readonly #clickIndexes: number[] = [];
  readonly #postbackSeconds: number[] = [];
  readonly #added: AddedConversion[] = [];
  readonly #addedByClick = new Map<number, number[]>();
  readonly #changes = new Map<number, Step[]>();
  #byPostback: number[] = [];

  constructor(options: LedgerOptions, timeline: Timeline, money: ClickMoney) {
    this.#key = keyOf(options.seed, 5);
    this.#timeline = timeline;
    this.#money = money;
    this.#plan = {
      key: this.#key,
      changeAfterMinSeconds: options.statusChangeAfterHoursMin * 3600,
      changeAfterMaxSeconds: options.statusChangeAfterHoursMax * 3600,
    };
    const canConvert = options.conversions > 0 && timeline.historyCount > 0;
    this.#clicksPerConversion = canConvert ? timeline.historyCount / options.conversions : Number.POSITIVE_INFINITY;
    this.planAhead();
  }

  /** Plans the conversions of every click the timeline has planned. */
  planAhead(): void {
    const planned = this.#clickIndexes.length;
    for (let id = planned; ; id++) {
      const jitter = draw(this.#key, id, 30) / 0x1_0000_0000;
      const ownClick = Math.floor((id + jitter) * this.#clicksPerConversion);
      if (!(ownClick < this.#timeline.plannedCount)) break;
      const isUpsell = this.isUpsell(id);
      const click = isUpsell ? this.#clickIndexes[id - 1]! : ownClick;
      const base = isUpsell ? this.#postbackSeconds[id - 1]! : this.#timeline.secondOf(click);
      this.#clickIndexes.push(click);
      this.#postbackSeconds.push(base + this.#delaySeconds(id, isUpsell));
    }
    if (this.#clickIndexes.length > planned) this.#sort();
  }

  isUpsell(id: number): boolean {
    return id > 0 && id < firstAdded && draw(this.#key, id, 31) % 15 === 0;
  }

  clickIndexOf(id: number): number {
    return id >= firstAdded ? this.#added[id - firstAdded]!.clickIndex : this.#clickIndexes[id]!;
  }

  postbackSecondOf(id: number): number {
    return id >= firstAdded ? this.#added[id - firstAdded]!.postbackSecond : this.#postbackSeconds[id]!;
  }

  /** The transaction id; empty for a fifth of those that are alone on their click, so that click and id name one. */
  tidOf(id: number): string {
    if (id >= firstAdded) return this.#added[id - firstAdded]!.tid;
    if (this.#isAloneOnClick(id) && draw(this.#key, id, 32) % 5 === 0) return '';
    return `T-${drawHex(this.#key, id, 33, 10)}`;
  }

  uuidOf(id: number): string {
    return drawUuid(this.#key, id, 34);
  }

  /** The state before `asOfSecond`, or null while the postback has not come. */
  stateAt(id: number, asOfSecond: number): ConversionState | null {
    if (this.postbackSecondOf(id) >= asOfSecond) return null;
    const state: ConversionState = { status: '', previousStatus: '', revenueMicros: 0, saleSecond: null };
    for (const step of this.#stepsOf(id)) {
      if (step.second >= asOfSecond) break;
      state.previousStatus = state.status;
      state.status = step.status;
      state.revenueMicros = step.revenueMicros;
      if (step.status === 'sale' || step.status === 'deposit' || step.status === 'rebill')
        state.saleSecond = step.second;
    }
    return state;
  }

  /** What has happened to it before `asOfSecond`, in order; nothing while the postback has not come. */
  stepsBefore(id: number, asOfSecond: number): Step[] {
    if (this.postbackSecondOf(id) >= asOfSecond) return [];
    return this.#stepsOf(id).filter(({ second }) => second < asOfSecond);
  }

  /** Numbers of the conversions of one click, also those whose postback is still to come. */
  ofClick(clickIndex: number): readonly number[] {
    const added = this.#addedByClick.get(clickIndex);
    const count = this.#clickIndexes.length;
    const first = firstPosition(0, count, (id) => this.#clickIndexes[id]! >= clickIndex);
    if (this.#clickIndexes[first] !== clickIndex) return added ?? none;
    const ids: number[] = [];
    for (let id = first; id < count && this.#clickIndexes[id] === clickIndex; id++) ids.push(id);
    return added ? ids.concat(added) : ids;
  }

  /** Positions [first, end) in the order of postbacks, of those with `from` ≤ postback < `to` (seconds). */
  postbacksBetween(from: number, to: number): { first: number; end: number } {
    const count = this.#byPostback.length;
    const positionOf = (second: number) =>
      firstPosition(0, count, (position) => this.postbackSecondOf(this.#byPostback[position]!) >= second);
    const first = positionOf(from);
    return { first, end: Math.max(first, positionOf(to)) };
  }

  /** Numbers of the conversions at positions [first, end) of the order of postbacks. */
  inPostbackOrder(first: number, end: number): number[] {
    return this.#byPostback.slice(first, end);
  }

  /** Adds conversions and returns their numbers. */
  add(conversions: { clickIndex: number; tid: string; step: Step }[]): number[] {
    const ids = conversions.map(({ clickIndex, tid, step }) => {
      const id = firstAdded + this.#added.length;
      this.#added.push({ clickIndex, tid, postbackSecond: step.second, steps: [step] });
      this.#addedByClick.set(clickIndex, [...(this.#addedByClick.get(clickIndex) ?? []), id]);
      return id;
    });
    this.#sort();
    return ids;
  }

  /** Changes a conversion by hand; from then on only changes by hand happen to it. */
  change(id: number, step: Step): void {
    const changes = [...(this.#changes.get(id) ?? []), step];
    this.#changes.set(
      id,
      changes.sort((a, b) => a.second - b.second),
    );
  }

  /** Whether a conversion of this number exists. */
  has(id: number): boolean {
    return id >= firstAdded ? id - firstAdded < this.#added.length : id >= 0 && id < this.#clickIndexes.length;
  }

  #stepsOf(id: number): Step[] {
    const changes = this.#changes.get(id);
    const planned =
      id >= firstAdded
        ? this.#added[id - firstAdded]!.steps
        : planSteps(
            this.#plan,
            id,
            this.#postbackSeconds[id]!,
            this.#money.payoutMicros(this.#clickIndexes[id]!),
            this.isUpsell(id),
          );
    return changes ? [...planned.filter((step) => step.second <= changes[0]!.second), ...changes] : planned;
  }

  #isAloneOnClick(id: number): boolean {
    const click = this.#clickIndexes[id];
    const isShared = this.#clickIndexes[id - 1] === click || this.#clickIndexes[id + 1] === click;
    return !isShared && !this.isUpsell(id + 1);
  }

  /** Minutes for most, hours for many, days for some; upsells days after the conversion they follow. */
  #delaySeconds(id: number, isUpsell: boolean): number {
    const kind = draw(this.#key, id, 35) % 10;
    const part = (seconds: number) => drawBelow(this.#key, id, 36, seconds);
    if (isUpsell) return 86_400 + part(9 * 86_400);
    if (kind < 6) return 60 + part(2 * 3600);
    return kind < 9 ? 2 * 3600 + part(46 * 3600) : 2 * 86_400 + part(10 * 86_400);
  }

  #sort(): void {
    const ids = this.#clickIndexes.map((_, id) => id);
    for (let seq = 0; seq < this.#added.length; seq++) ids.push(firstAdded + seq);
    this.#byPostback = ids.sort(
      (a, b) =>
        this.postbackSecondOf(a) - this.postbackSecondOf(b) || this.clickIndexOf(a) - this.clickIndexOf(b) || a - b,
    );
  }
}

const none: readonly number[] = [];

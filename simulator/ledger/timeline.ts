// When clicks happen: counts by minute in a prefix sum, so that click number ↔ second costs O(log minutes).
import { draw, keyOf } from './hash.ts';
import type { LedgerOptions } from './options.ts';
import { firstPosition } from './search.ts';

const minutesPerDay = 1440;
const secondsPerDay = 86_400;
/** A wrong clock must not fill the memory with days to come. */
const longestGrowthDays = 3660;
/** Traffic by hour of the UTC day, relative. */
const dailyCurve = [5, 4, 3, 3, 3, 4, 5, 7, 8, 9, 10, 11, 11, 12, 12, 13, 13, 14, 14, 13, 12, 10, 8, 6];

interface Burst {
  second: number;
  clicks: number;
}

/** Clicks are numbered from 0 in order of time. Times are whole seconds since 1970. */
export class Timeline {
  readonly startSecond: number;
  readonly anchorSecond: number;
  /** `#before[m]` is how many clicks happen before minute m; one entry more than there are minutes. */
  readonly #before: number[] = [0];
  readonly #bursts = new Map<number, Burst>();
  readonly #key: number;
  readonly #growthPerDay: number;

  constructor(options: LedgerOptions, anchorMs: number) {
    this.anchorSecond = Math.floor(anchorMs / 60_000) * 60;
    this.startSecond = this.anchorSecond - options.days * secondsPerDay;
    this.#key = keyOf(options.seed, 1);
    this.#growthPerDay = options.growthPerDay ?? Math.round(options.clicks / options.days);
    for (const burst of options.bursts) this.#addBurst(burst);
    const heavyDay = options.heavyDay;
    const heavyStart = heavyDay ? Math.floor(this.anchorSecond / secondsPerDay - heavyDay.daysAgo) * secondsPerDay : 0;
    this.#append(options.days * minutesPerDay, options.clicks, heavyStart, heavyDay?.clicks ?? 0);
  }

  /**
   * Makes sure that every click before `second` is planned; growth is planned a day at a time. Throws a RangeError for a
   * second more than ten years after the anchor.
   */
  extendTo(second: number): void {
    if (second > this.anchorSecond + longestGrowthDays * secondsPerDay) throw new RangeError('Too far in the future');
    while (this.#endSecond < second) this.#append(minutesPerDay, this.#growthPerDay, 0, 0);
  }

  /** How many clicks happen before `second`. */
  countBefore(second: number): number {
    if (second <= this.startSecond) return 0;
    this.extendTo(second);
    const minute = Math.floor((second - this.startSecond) / 60);
    const first = this.#before[minute]!;
    const last = this.#before[minute + 1] ?? first;
    const wanted = second - this.startSecond - minute * 60;
    return firstPosition(first, last, (index) => this.#secondInMinute(minute, index) >= wanted);
  }

  /** The second at which click `index` happens. The click must be planned. */
  secondOf(index: number): number {
    const minute = firstPosition(0, this.#minutes, (position) => this.#before[position + 1]! > index);
    return this.startSecond + minute * 60 + this.#secondInMinute(minute, index);
  }

  /** The seconds of clicks `first` … `end` - 1; cheaper than asking one at a time. */
  secondsOf(first: number, end: number): Float64Array {
    const seconds = new Float64Array(Math.max(0, end - first));
    let minute = firstPosition(0, this.#minutes, (position) => this.#before[position + 1]! > first);
    for (let index = first; index < end; index++) {
      while (this.#before[minute + 1]! <= index) minute++;
      seconds[index - first] = this.startSecond + minute * 60 + this.#secondInMinute(minute, index);
    }
    return seconds;
  }

  /** How many clicks are planned before the anchor. */
  get historyCount(): number {
    return this.countBefore(this.anchorSecond);
  }

  /** How many clicks are planned so far. */
  get plannedCount(): number {
    return this.#before[this.#minutes]!;
  }

  get #minutes(): number {
    return this.#before.length - 1;
  }

  get #endSecond(): number {
    return this.startSecond + this.#minutes * 60;
  }

  #addBurst(burst: LedgerOptions['bursts'][number]): void {
    const second =
      burst.at === undefined
        ? this.anchorSecond - Math.round((burst.daysAgo ?? 0) * secondsPerDay)
        : Math.floor(Date.parse(burst.at) / 1000);
    const minute = Math.floor((second - this.startSecond) / 60);
    if (minute < 0) throw new RangeError('A burst lies before the ledger begins');
    if (this.#bursts.has(minute)) throw new RangeError('Two bursts lie in the same minute');
    this.#bursts.set(minute, { second: second - this.startSecond - minute * 60, clicks: burst.clicks });
  }

  /** Plans the next minutes: `clicks` spread over all of them and `heavyClicks` over the day from `heavyStart`. */
  #append(minutes: number, clicks: number, heavyStart: number, heavyClicks: number): void {
    const firstMinute = this.#minutes;
    const weights = new Float64Array(minutes + 1);
    const heavyWeights = new Float64Array(minutes + 1);
    for (let offset = 0; offset < minutes; offset++) {
      const second = this.startSecond + (firstMinute + offset) * 60;
      const hour = Math.floor((second % secondsPerDay) / 3600);
      const weight = dailyCurve[hour]! * (64 + (draw(this.#key, firstMinute + offset, 1) & 127));
      const isHeavy = second >= heavyStart && second < heavyStart + secondsPerDay;
      weights[offset + 1] = weights[offset]! + weight;
      heavyWeights[offset + 1] = heavyWeights[offset]! + (isHeavy ? weight : 0);
    }
    const heavyTotal = heavyWeights[minutes]!;
    if (heavyClicks > 0 && heavyTotal === 0) throw new RangeError('The heavy day lies outside of the history');
    const already = this.#before[firstMinute]!;
    let inBursts = 0;
    for (let offset = 0; offset < minutes; offset++) {
      inBursts += this.#bursts.get(firstMinute + offset)?.clicks ?? 0;
      const even = Math.floor(clicks * (weights[offset + 1]! / weights[minutes]!));
      const heavy = heavyTotal === 0 ? 0 : Math.floor(heavyClicks * (heavyWeights[offset + 1]! / heavyTotal));
      this.#before.push(already + even + heavy + inBursts);
    }
  }

  /** The second within its minute at which click `index` happens: evenly spread with a jitter that keeps the order. */
  #secondInMinute(minute: number, index: number): number {
    const first = this.#before[minute]!;
    const position = index - first;
    const burst = this.#bursts.get(minute);
    const spread = this.#before[minute + 1]! - first - (burst?.clicks ?? 0);
    if (!burst) return this.#spreadSecond(first, position, spread);
    const ahead = firstPosition(0, spread, (other) => this.#spreadSecond(first, other, spread) > burst.second);
    if (position < ahead) return this.#spreadSecond(first, position, spread);
    if (position < ahead + burst.clicks) return burst.second;
    return this.#spreadSecond(first, position - burst.clicks, spread);
  }

  #spreadSecond(first: number, position: number, spread: number): number {
    const jitter = draw(this.#key, first + position, 2) / 0x1_0000_0000;
    return Math.floor(((position + jitter) * 60) / spread);
  }
}

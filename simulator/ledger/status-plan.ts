// The life of a conversion: which statuses it goes through, when, and for how much money.
import { draw, drawBelow } from './hash.ts';

/** One step of a conversion's life. `second` is since 1970. */
export interface Step {
  second: number;
  status: string;
  revenueMicros: number;
}

export interface PlanOptions {
  key: number;
  changeAfterMinSeconds: number;
  changeAfterMaxSeconds: number;
}

/** Words in small numbers that a default map does not know. */
const customWords = ['qualified', 'Hold review', 'подтверждён'];

/**
 * Plans the steps of conversion `id`, the first at its postback. Half of all begin as leads and turn into sales,
 * rejections or trash later; few sales are rejected afterwards; upsells are rebills.
 */
export function planSteps(
  options: PlanOptions,
  id: number,
  postbackSecond: number,
  payoutMicros: number,
  isUpsell: boolean,
): Step[] {
  const { key } = options;
  const revenueMicros = Math.floor((payoutMicros * (70 + drawBelow(key, id, 0, 61))) / 10_000) * 100;
  const steps: Step[] = [];
  const add = (status: string, amount: number) => {
    const last = steps.at(-1);
    const span = Math.max(1, options.changeAfterMaxSeconds - options.changeAfterMinSeconds);
    const wait = options.changeAfterMinSeconds + drawBelow(key, id, 1 + steps.length, span);
    steps.push({ second: last ? last.second + Math.floor(wait) : postbackSecond, status, revenueMicros: amount });
  };
  const fate = drawBelow(key, id, 20, 1000);
  // An approved lead is sometimes paid differently from what was on hold.
  const approvedMicros = draw(key, id, 21) % 5 === 0 ? Math.floor(revenueMicros / 200) * 100 + 250_000 : revenueMicros;
  if (isUpsell) {
    add('rebill', revenueMicros);
    if (fate < 20) add('rejected', revenueMicros);
  } else if (fate < 120) {
    add('sale', revenueMicros);
    if (fate < 6) add('rejected', revenueMicros);
  } else if (fate < 150) {
    add('registration', 0);
    if (fate < 140) add('deposit', revenueMicros);
  } else if (fate < 160) {
    add('trash', 0);
  } else if (fate < 170) {
    add(customWords[fate % customWords.length]!, revenueMicros);
  } else {
    add('lead', revenueMicros);
    if (fate < 550) add('sale', approvedMicros);
    else if (fate < 760) add('rejected', fate < 600 ? 0 : revenueMicros);
    else if (fate < 800) add('trash', 0);
    if (fate < 185) add('rejected', approvedMicros);
  }
  return steps;
}

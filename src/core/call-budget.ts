// What all connections to one installation or account may ask of it together: decided here, from what the store keeps.

/** So many calls in so long, of one kind of call. Any stretch of time so long holds no more of them. */
export interface Rate {
  name: string;
  calls: number;
  perMs: number;
}

/** A call under way: it counts until it is said to be over, or until then. */
interface UnderWay {
  until: number;
  rates: string[];
}

/** Times in milliseconds since 1970. */
export interface BudgetState {
  /** By connection: none has two calls at a time. */
  underWay: Record<string, UnderWay>;
  /** When the calls of each rate were over, as far as that is of use, oldest first. */
  ended: Record<string, number[]>;
  /** The tracker asked for silence until then. */
  silentUntil: number;
}

/** Who wants to call, and who has been waiting for longer. */
export interface Ask {
  connection: string;
  concurrent: number;
  rates: readonly Rate[];
  /** Connections that were here before, by what they wait for: a place (`PLACE`), or a rate. */
  before: Readonly<Record<string, number>>;
  now: number;
}

export type Turn =
  | { may: true; state: BudgetState; isNew: boolean }
  /** `until`: when it is worth asking again; null where that depends on when others are done. */
  | { may: false; waitsFor: string; until: number | null };

export const PLACE = 'place';
export const NO_BUDGET: BudgetState = { underWay: {}, ended: {}, silentUntil: 0 };
/** Longer than any call takes: the place of a process that died is free again after this. */
const LONGEST_CALL_MS = 100_000;
/** A place that is kept is asked for anew when this little of it is left. */
const NEARLY_OVER_MS = LONGEST_CALL_MS / 2;

/** Whether a call may begin now; with whose `state` it does. A place is kept from call to call until it is given back. */
export function takeTurn(known: BudgetState, ask: Ask): Turn {
  const state = withoutDead(known, ask.now);
  if (state.silentUntil > ask.now) return { may: false, waitsFor: PLACE, until: state.silentUntil };
  const own = state.underWay[ask.connection];
  const others = Object.entries(state.underWay).filter(([connection]) => connection !== ask.connection);
  const before = (what: string): number => ask.before[what] ?? 0;
  // Whoever keeps a place lets those have it who have come meanwhile.
  if (others.length + before(PLACE) >= ask.concurrent) return { may: false, waitsFor: PLACE, until: null };
  for (const rate of ask.rates) {
    const going = others.filter(([, call]) => call.rates.includes(rate.name)).map(() => ask.now);
    const counted = [...(state.ended[rate.name] ?? []).filter((at) => at > ask.now - rate.perMs), ...going];
    const tooMany = counted.length + before(rate.name) + 1 - rate.calls;
    // As many as are too many must have grown old; those that are not even begun take a whole time each.
    if (tooMany > 0) return { may: false, waitsFor: rate.name, until: (counted[tooMany - 1] ?? ask.now) + rate.perMs };
  }
  const call = { until: ask.now + LONGEST_CALL_MS, rates: ask.rates.map(({ name }) => name) };
  const isNew = own === undefined || call.rates.length > 0 || own.until < ask.now + NEARLY_OVER_MS;
  return { may: true, isNew, state: { ...state, underWay: { ...state.underWay, [ask.connection]: call } } };
}

/** A call is over: it counts from now on, since the tracker may have seen it as late as that; the place is kept. */
export function endCall(known: BudgetState, connection: string, rates: readonly Rate[], now: number): BudgetState {
  const own = known.underWay[connection];
  if (own === undefined) return known;
  const counted = rates.filter((rate) => own.rates.includes(rate.name));
  return { ...countCall(known, counted, now), underWay: { ...known.underWay, [connection]: { ...own, rates: [] } } };
}

/** Connections may go by different rates of the same name: what is of no use to any of them is too old, not too much. */
function countCall(known: BudgetState, rates: readonly Rate[], now: number): BudgetState {
  const ended = { ...known.ended };
  for (const { name, perMs } of rates) ended[name] = [...(ended[name] ?? []).filter((at) => at > now - perMs), now];
  return { ...known, ended };
}

export function giveBack(known: BudgetState, connection: string): BudgetState {
  if (known.underWay[connection] === undefined) return known;
  const { [connection]: _, ...underWay } = known.underWay;
  return { ...known, underWay };
}

export const askForSilence = (known: BudgetState, until: number): BudgetState => ({
  ...known,
  silentUntil: Math.max(known.silentUntil, until),
});

/** Calls of which nobody said that they ended are taken to have ended as late as they can have. */
function withoutDead(known: BudgetState, now: number): BudgetState {
  const dead = Object.entries(known.underWay).filter(([, call]) => call.until <= now);
  if (dead.length === 0) return known;
  const ended = { ...known.ended };
  for (const [, call] of dead) for (const name of call.rates) ended[name] = [...(ended[name] ?? []), call.until];
  return {
    ...known,
    ended,
    underWay: Object.fromEntries(Object.entries(known.underWay).filter(([, c]) => c.until > now)),
  };
}

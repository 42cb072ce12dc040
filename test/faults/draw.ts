// What a tracker can do wrong, and what of it one run gets: drawn from the run's own chance.
import type { FaultKindInput } from '../../simulator/faults/fault.ts';
import type { Chance } from '../crash/seed.ts';

export interface Fault {
  fault: FaultKindInput;
  /** How many requests running it hits. */
  times: number;
  /** What it asks us to wait, in milliseconds from the request on, or until a moment of the real clock. */
  wait?: { ms: number } | { until: number };
}

type Draw = (chance: Chance) => Fault;

const status = (code: number, headers: Record<string, string> = {}): FaultKindInput => ({
  ...{ kind: 'status', status: code, headers },
});
const once = (fault: FaultKindInput): Fault => ({ fault, times: 1 });
const secondsOf = (chance: Chance): number => chance.int(3, 50);

/** By the sweep's names; every one passes by itself. */
export const PASSING = {
  '429, seconds': (chance) => {
    const seconds = secondsOf(chance);
    return { ...once(status(429, { 'retry-after': String(seconds) })), wait: { ms: seconds * 1_000 } };
  },
  '429, date': (chance) => {
    const until = Math.ceil(Date.now() / 1_000 + secondsOf(chance)) * 1_000;
    return { ...once(status(429, { 'retry-after': new Date(until).toUTCString() })), wait: { until } };
  },
  '429, no time': (chance) => ({ fault: status(429), times: chance.int(1, 2) }),
  '429, 0': () => once(status(429, { 'retry-after': '0' })),
  '503, seconds': (chance) => {
    const seconds = secondsOf(chance);
    return { ...once(status(503, { 'retry-after': String(seconds) })), wait: { ms: seconds * 1_000 } };
  },
  '5xx burst': (chance) => ({ fault: status(chance.oneOf([502, 503, 504])), times: chance.int(2, 5) }),
  '500': () => once(status(500)),
  'HTML with 200': () => once({ kind: 'html' }),
  'empty body': () => once({ kind: 'emptyBody' }),
  'half JSON': () => once({ kind: 'halfJson' }),
  'invalid UTF-8': () => once({ kind: 'invalidUtf8' }),
  'gzip bomb': () => once({ kind: 'gzipBomb', megabytes: 12 }),
  'huge page': () => once({ kind: 'hugePage', megabytes: 12 }),
  'slow drip': (chance) => once({ kind: 'slowDrip', bytes: chance.int(2_000, 9_000), everyMs: 10 }),
  delay: (chance) => once({ kind: 'delay', ms: chance.int(20, 120) }),
  'silence, no headers': () => once({ kind: 'hangBeforeHeaders' }),
  'silence in the body': () => once({ kind: 'hangInBody' }),
  reset: (chance) => ({ fault: { kind: 'reset', afterBytes: chance.oneOf([0, 200]) }, times: chance.int(1, 3) }),
  'duplicated page': () => once({ kind: 'duplicatedPage' }),
  'cursor that loops': (chance) => ({ fault: { kind: 'duplicatedPage' }, times: chance.int(2, 4) }),
  'reordered page': () => once({ kind: 'reorderedPage' }),
  'empty page': () => once({ kind: 'emptyPage' }),
  'short page': () => once({ kind: 'shortPage' }),
  'total that lies': (chance) => ({ fault: { kind: 'wrongTotal', factor: chance.oneOf([0, 0.4, 3]) }, times: 3 }),
  'numbers beyond 2^53': () => ({ fault: { kind: 'largeNumbers' }, times: 4 }),
} as const satisfies Record<string, Draw>;

/** Rows are left out, and nothing of the answer need say so: what pages cannot tell, the next comparison does. */
export const LOSING: ReadonlySet<string> = new Set(['empty page', 'short page']);

/** Shown as `needs_attention`, until a person acts. */
export const FOR_A_PERSON = {
  '401 for good': () => once(status(401)),
  '403 for good': () => once(status(403)),
  'redirect elsewhere': () => once({ kind: 'redirect', to: 'http://127.0.0.2:9/elsewhere' }),
  '429, a week': () => once(status(429, { 'retry-after': '604800' })),
} as const satisfies Record<string, Draw>;

/** What the ledger itself does beside. */
export const OF_THE_LEDGER = ['rows while paging', 'a night of DST'] as const;

export const KINDS: readonly string[] = [...Object.keys(PASSING), ...Object.keys(FOR_A_PERSON), ...OF_THE_LEDGER];

/** A resource that has never answered and refuses three times running is taken as not given, by design: one of them a run is none. */
const REFUSALS: ReadonlySet<string> = new Set(['500', 'HTML with 200', 'empty body', 'half JSON', '5xx burst']);

export interface Laid extends Fault {
  name: string;
  /** The first of the requests that it hits. */
  nth: number;
  /** On the logs alone, or on whatever is asked. */
  isOfLogs: boolean;
}

/** Nights in which clocks change, in America and Europe, forward and back; and a day like any other. */
const DAYS = ['2026-03-08', '2026-03-29', '2026-10-25', '2026-11-01', '2026-06-17'];

export interface Plan {
  seed: number;
  /** When the run begins, by its own clock: within the two days of history lies the night. */
  startsAt: Date;
  /** How long ago a slot was then. */
  sinceSlotMs: number;
  isNightOfDst: boolean;
  /** Before and during the backfill, and when everything is up to date. */
  first: Laid[];
  later: Laid[];
  /** Requests after which rows come in, and how long before now they are. */
  arrivals: { after: number; secondsAgo: number; count: number }[];
  forPerson: keyof typeof FOR_A_PERSON | null;
}

export function planOf(chance: Chance): Plan {
  const day = chance.oneOf(DAYS);
  const names = chance.shuffled(Object.keys(PASSING) as (keyof typeof PASSING)[]);
  const isRefusal = (name: string) => REFUSALS.has(name);
  const first = [...names.filter(isRefusal).slice(0, 1), ...names.filter((name) => !isRefusal(name))];
  const lay = (name: keyof typeof PASSING, most: number): Laid => ({
    ...{ name, ...PASSING[name](chance), nth: chance.int(1, most), isOfLogs: chance.int(0, 2) > 0 },
  });
  const late = chance.shuffled(names).slice(0, chance.int(0, 2));
  return {
    seed: chance.int(1, 1_000_000),
    startsAt: new Date(Date.parse(`${day}T00:00:00Z`) + chance.int(13, 40) * 3_600_000 + chance.int(0, 3_599) * 1_000),
    sinceSlotMs: chance.int(0, 59_000),
    isNightOfDst: day !== DAYS.at(-1),
    first: chance
      .shuffled(first.slice(0, 8))
      .slice(0, chance.int(1, 4))
      .map((name) => lay(name, 10)),
    later: late.map((name) => lay(name, 3)),
    arrivals: Array.from({ length: chance.int(0, 2) }, () => ({
      ...{ after: chance.int(8, 20), secondsAgo: chance.int(150, 6_000), count: chance.int(1, 4) },
    })),
    forPerson: chance.int(0, 5) === 0 ? chance.oneOf(Object.keys(FOR_A_PERSON) as (keyof typeof FOR_A_PERSON)[]) : null,
  };
}

// Figures and times as people read them: exact money, a true minus, a dash for nothing.
const NOTHING = '–';

const minus = (text: string): string => text.replace('-', '\u2212');
const whole = new Intl.NumberFormat('en');

export const count = (value: number | null | undefined): string =>
  value == null ? NOTHING : minus(whole.format(value));

const shares = [0, 1, 2].map(
  (digits) => new Intl.NumberFormat('en', { minimumFractionDigits: digits, maximumFractionDigits: digits }),
);

export const percent = (value: number | null | undefined, digits: 0 | 1 | 2 = 1): string =>
  value == null ? NOTHING : `${minus(shares[digits]!.format(value))} %`;

const currencies = new Map<string, Intl.NumberFormat | null>();

function currencyFormat(currency: string, digits: number | undefined): Intl.NumberFormat | null {
  const name = `${currency} ${digits}`;
  let format = currencies.get(name);
  if (format !== undefined) return format;
  const fraction = digits === undefined ? {} : { minimumFractionDigits: digits, maximumFractionDigits: digits };
  const style = { style: 'currency', currencyDisplay: 'symbol' } as const;
  try {
    format = new Intl.NumberFormat('en', { ...style, currency, ...fraction });
  } catch {
    format = null;
  }
  currencies.set(name, format);
  return format;
}

/** The text is never made a number: no digit is lost. No two currencies look alike: `$12.50`, `CA$12.50`. */
export function money(value: string | null | undefined, currency: string, digits?: number): string {
  if (value == null) return NOTHING;
  const format = currencyFormat(currency, digits);
  return minus(format === null ? `${value} ${currency}` : format.format(value as Intl.StringNumericLiteral));
}

const STEPS = [
  [60, 'second', 1],
  [3_600, 'minute', 60],
  [86_400, 'hour', 3_600],
  [Number.POSITIVE_INFINITY, 'day', 86_400],
] as const;
const SHORT = { second: 's', minute: 'min', hour: 'h', day: 'd' } as const;

/** `3 min ago`, `in 12 min`, `now`. */
export function relative(at: string, nowMs: number): string {
  const seconds = Math.round((Date.parse(at) - nowMs) / 1_000);
  const size = Math.abs(seconds);
  if (size < 10) return 'now';
  const [, unit, unitSeconds] = STEPS.find(([limit]) => size < limit)!;
  const amount = `${Math.floor(size / unitSeconds)} ${SHORT[unit]}`;
  return seconds < 0 ? `${amount} ago` : `in ${amount}`;
}

/** `about 4 minutes`. */
export function duration(seconds: number): string {
  if (seconds < 60) return 'less than a minute';
  const [, unit, unitSeconds] = STEPS.find(([limit]) => seconds < limit)!;
  const amount = Math.max(1, Math.round(seconds / unitSeconds));
  return `about ${amount} ${unit}${amount === 1 ? '' : 's'}`;
}

const shortDay = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', timeZone: 'UTC' });

const locals = new Map<string | undefined, Intl.DateTimeFormat>();

/** In the reader's zone, or the one that is named; UTC beside it. */
export function exact(at: string, zone?: string): string {
  let format = locals.get(zone);
  if (format === undefined) {
    const style = { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' } as const;
    format = new Intl.DateTimeFormat('en', { ...style, ...(zone === undefined ? {} : { timeZone: zone }) });
    locals.set(zone, format);
  }
  const utc = `${at.slice(0, 16).replace('T', ' ')} UTC`;
  return `${format.format(new Date(at))}${zone === undefined ? '' : ` ${zone}`} · ${utc}`;
}

export const dayOf = (day: string): string => shortDay.format(new Date(`${day}T00:00:00Z`));
export const hostOf = (url: string): string => URL.parse(url)?.host ?? url;

const spanOf = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', timeZone: 'UTC' });
const spanWithYear = new Intl.DateTimeFormat('en', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
});

/** `Nov 21 – 27`; with the year where it is not this one. */
export function daySpan(first: string, last: string): string {
  const [from, to] = [new Date(`${first}T00:00:00Z`), new Date(`${last}T00:00:00Z`)];
  const isThisYear = first.slice(0, 4) === last.slice(0, 4) && from.getUTCFullYear() === new Date().getFullYear();
  return (isThisYear ? spanOf : spanWithYear).formatRange(from, to);
}

const clocks = new Map<string | undefined, Intl.DateTimeFormat>();

/** `Nov 27, 14:03:09`, in the reader's zone unless another is named. */
export function clock(at: string, timeZone?: string): string {
  let format = clocks.get(timeZone);
  if (format === undefined) {
    const two = '2-digit';
    const parts = { day: 'numeric', month: 'short', hour: two, minute: two, second: two, hourCycle: 'h23' } as const;
    format = new Intl.DateTimeFormat('en', { ...parts, ...(timeZone === undefined ? {} : { timeZone }) });
    clocks.set(timeZone, format);
  }
  return format.format(new Date(at));
}

const PARTS = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
  ['s', 1],
] as const;

/** `42 s`, `12 min`, `2 h 5 min`, `3 d 4 h`: the two largest parts. */
export function span(ms: number): string {
  let rest = Math.max(0, Math.round(ms / 1_000));
  const parts = PARTS.map(([unit, seconds]) => {
    const amount = Math.floor(rest / seconds);
    rest -= amount * seconds;
    return { unit, amount };
  });
  const first = parts.findIndex(({ amount }) => amount > 0);
  const shown = parts.slice(first, first + 2).filter(({ amount }) => amount > 0);
  return first < 0 ? '0 s' : shown.map(({ amount, unit }) => `${amount} ${unit}`).join(' ');
}

const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** `1.2M`, for axes. */
export const compact = (value: number): string => minus(short.format(value));

/** `Nov 27, 14:00`, in a zone of the reader's choice. */
export function moment(at: string, zone: string): string {
  const parts = { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' } as const;
  return new Intl.DateTimeFormat('en', { ...parts, hourCycle: 'h23', timeZone: zone }).format(new Date(at));
}

/** `$1.2M`, for axes. */
export function shortMoney(value: number, currency: string): string {
  try {
    const style = { style: 'currency', currencyDisplay: 'symbol', notation: 'compact' } as const;
    return minus(new Intl.NumberFormat('en', { ...style, currency, maximumFractionDigits: 2 }).format(value));
  } catch {
    return `${compact(value)} ${currency}`;
  }
}

const together = new Intl.ListFormat('en-GB', { type: 'conjunction' });

/** `country, device and browser`. */
export const listed = (words: readonly string[]): string => together.format(words);

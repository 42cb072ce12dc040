// Wall clocks of time zones: text of the form YYYY-MM-DD HH:MM:SS to seconds since 1970 and back.

const secondsPerDay = 86_400;
/** Offsets change on quarter hours only. */
const offsetGrain = 900;
const twoDigits = Array.from({ length: 100 }, (_, number) => String(number).padStart(2, '0'));

/** One zone. Build it once per request: it remembers the offsets and days it has met. */
export class Zone {
  readonly name: string;
  readonly #format: Intl.DateTimeFormat | null;
  readonly #offsets = new Map<number, number>();
  #day = Number.NaN;
  #dayText = '';

  /** `name` is UTC or an IANA name. Throws a RangeError for an unknown one. */
  constructor(name: string) {
    this.name = name;
    this.#format =
      name === 'UTC' || name === 'Etc/UTC'
        ? null
        : new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset', year: 'numeric' });
  }

  /** Seconds to add to UTC for this zone's wall clock at a second. */
  offsetAt(second: number): number {
    if (!this.#format) return 0;
    const bucket = Math.floor(second / offsetGrain);
    let offset = this.#offsets.get(bucket);
    if (offset === undefined) {
      const text = this.#format.formatToParts(second * 1000).find((part) => part.type === 'timeZoneName')?.value ?? '';
      const match = /GMT([+-])(\d\d):(\d\d)(?::(\d\d))?/.exec(text);
      const size = match ? Number(match[2]) * 3600 + Number(match[3]) * 60 + Number(match[4] ?? 0) : 0;
      offset = match?.[1] === '-' ? -size : size;
      this.#offsets.set(bucket, offset);
    }
    return offset;
  }

  /** Day of the wall clock as a number of days since 1970. */
  dayOf(second: number): number {
    return Math.floor((second + this.offsetAt(second)) / secondsPerDay);
  }

  /** YYYY-MM-DD HH:MM:SS on this zone's wall. */
  wallOf(second: number): string {
    const local = second + this.offsetAt(second);
    const day = Math.floor(local / secondsPerDay);
    if (day !== this.#day) {
      this.#day = day;
      this.#dayText = dayText(day);
    }
    const rest = local - day * secondsPerDay;
    const hour = Math.floor(rest / 3600);
    const minute = Math.floor((rest - hour * 3600) / 60);
    return `${this.#dayText} ${twoDigits[hour]}:${twoDigits[minute]}:${twoDigits[rest - hour * 3600 - minute * 60]}`;
  }

  /**
   * The second at which this zone's wall shows the text (a date alone means its midnight), or null for anything that is
   * no date. A time that comes twice means the first; one that is skipped means as long after the gap's start.
   */
  secondOf(wall: string): number | null {
    const match = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d)(:\d\d)?)?$/.exec(wall);
    if (!match) return null;
    const day = Date.parse(`${match[1]}T00:00:00Z`);
    const parsed = Date.parse(`${match[1]}T${match[2] ?? '00:00'}${match[3] ?? ':00'}Z`);
    if (Number.isNaN(parsed) || new Date(day).toISOString().slice(0, 10) !== match[1]) return null;
    const local = parsed / 1000;
    const before = this.offsetAt(local - secondsPerDay);
    const after = this.offsetAt(local + secondsPerDay);
    for (const offset of [before, after]) if (this.offsetAt(local - offset) === offset) return local - offset;
    return local - before;
  }
}

/** YYYY-MM-DD of a number of days since 1970. */
export function dayText(day: number): string {
  return new Date(day * secondsPerDay * 1000).toISOString().slice(0, 10);
}

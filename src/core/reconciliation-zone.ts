// Another zone: moved by some hours, our clicks make the very days that the tracker tells, which nothing that is lost or late does.
import { startOfDay } from './reconciliation.ts';
import { REASONS } from './reconciliation-verdicts.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, type Range } from './windows.ts';

/** The clicks of a UTC day, of all campaigns together. */
export interface ClickDay {
  day: string;
  ours: number;
  theirs: number;
}

/** What zones are apart in. */
export const ZONE_STEP_MS = 15 * MINUTE_MS;
const STEPS_A_DAY = DAY_MS / ZONE_STEP_MS;
const FARTHEST_MS = 14 * HOUR_MS;
/** The latest so many days are looked at, and at least so many of them must differ. */
const MOST_DAYS = 8;
const FEWEST_DAYS = 4;
/** With fewer clicks apart, some hour fits by chance. */
const FEWEST_APART = 20;
/**
 * What may stay apart of what was, since a day has its late clicks in any zone. Where days differ all one way, as those do
 * that lose clicks, hardly anything: it takes a steady growth for that to be another zone.
 */
const MOST_LEFT = { bothWays: 0.1, oneWay: 0.01 };

const apartOf = ({ ours, theirs }: ClickDay): number => ours - theirs;
const sizeOf = (days: readonly ClickDay[]): number => days.reduce((sum, day) => sum + Math.abs(apartOf(day)), 0);

/**
 * The days to be looked at; none where they do not differ as those of another zone do, nearly all of them.
 * @param known from when to when all of our clicks are there: as far around a day as a zone can move it
 */
export function suspectDays(days: readonly ClickDay[], known: Range): ClickDay[] {
  const isKnown = (day: ClickDay): boolean => {
    const { from, to } = clicksAround([day]);
    return from >= known.from && to <= known.to;
  };
  const latest = days
    .filter(isKnown)
    .toSorted((a, b) => (a.day < b.day ? 1 : -1))
    .slice(0, MOST_DAYS);
  const differing = latest.filter((day) => apartOf(day) !== 0).length;
  const isSuspect = differing >= FEWEST_DAYS && 2 * differing > latest.length && sizeOf(latest) >= FEWEST_APART;
  return isSuspect ? latest : [];
}

/** When clicks may have been that another zone moves into the days. */
export function clicksAround(days: readonly ClickDay[]): Range {
  const starts = days.map(({ day }) => startOfDay(day).getTime());
  return {
    from: new Date(Math.min(...starts) - FARTHEST_MS),
    to: new Date(Math.max(...starts) + DAY_MS + FARTHEST_MS),
  };
}

/**
 * By how much our clicks have to be moved to make the tracker's days; null where no move does.
 * @param days those that are suspect
 * @param clicks how many there are in each quarter hour, numbered from 1970 on
 */
export function zoneApartMs(days: readonly ClickDay[], clicks: ReadonlyMap<number, number>): number | null {
  const leftAt = (movedMs: number): number =>
    days.reduce((left, { day, theirs }) => {
      const first = (startOfDay(day).getTime() - movedMs) / ZONE_STEP_MS;
      let ours = 0;
      for (let quarter = first; quarter < first + STEPS_A_DAY; quarter++) ours += clicks.get(quarter) ?? 0;
      return left + Math.abs(ours - theirs);
    }, 0);
  let best = { movedMs: 0, left: Number.POSITIVE_INFINITY };
  for (let movedMs = -FARTHEST_MS; movedMs <= FARTHEST_MS; movedMs += ZONE_STEP_MS) {
    const left = leftAt(movedMs);
    if (left < best.left) best = { movedMs, left };
  }
  const apart = sizeOf(days);
  const together = Math.abs(days.reduce((sum, day) => sum + apartOf(day), 0));
  const most = 2 * together <= apart ? MOST_LEFT.bothWays : MOST_LEFT.oneWay;
  return best.movedMs !== 0 && best.left <= most * apart ? best.movedMs : null;
}

export function zoneReason(apartMs: number): string {
  const size = Math.abs(apartMs);
  const [hours, minutes] = [Math.floor(size / HOUR_MS), (size % HOUR_MS) / MINUTE_MS];
  const apart = [...(hours > 0 ? [`${hours} h`] : []), ...(minutes > 0 ? [`${minutes} min`] : [])].join(' ');
  return `${REASONS.zone}, ${apart} apart: set the connection's time zone to the account's`;
}

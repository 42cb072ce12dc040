// What clicks of campaigns, offers and countries are summed by: hours of UTC, cut where the day of some time zone begins within.
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../core/windows.ts';

/** Minutes of the UTC day; `slot_of` in the database cuts at the same. A zone that begins its days elsewhere is read from the log. */
const CUTS: ReadonlySet<number> = new Set(
  [
    ['02:30', '03:30'], // St John's
    ['09:30'], // Marquesas
    ['10:15', '11:15'], // Chatham
    ['13:30', '14:30'], // Adelaide, Darwin, Lord Howe
    ['15:15'], // Eucla
    ['17:30'], // Yangon, Cocos
    ['18:15'], // Kathmandu
    ['18:30'], // Kolkata, Colombo
    ['19:30'], // Kabul
    ['20:30'], // Tehran
  ]
    .flat()
    .map((time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))),
);

/** @param ms since the epoch, or of a day alone */
export const beginsSlot = (ms: number): boolean =>
  ms % HOUR_MS === 0 || CUTS.has((((ms % DAY_MS) + DAY_MS) % DAY_MS) / MINUTE_MS);

// How one account writes its values: times with its offset, money, and the words of statuses.
import type { ConversionState } from '../../ledger/conversions.ts';
import { decimalOf } from '../../ledger/money.ts';
import type { Zone } from '../../zone.ts';
import type { RedtrackOptions } from './options.ts';

/** ISO 8601 with the zone's offset, e.g. `2026-09-18T13:16:09-07:00`. */
export function timeText(zone: Zone, second: number): string {
  const offset = zone.offsetAt(second);
  const size = Math.abs(offset);
  const two = (number: number) => String(Math.floor(number)).padStart(2, '0');
  return `${plainTime(zone, second)}${offset < 0 ? '-' : '+'}${two(size / 3600)}:${two((size % 3600) / 60)}`;
}

export const plainTime = (zone: Zone, second: number): string => zone.wallOf(second).replace(' ', 'T');

/** A number that JSON writes with the very digits of the decimal, or its text. */
export function moneyOf(micros: number, options: RedtrackOptions): number | string {
  return options.money === 'text' ? decimalOf(micros) : Number(decimalOf(micros));
}

const words: Readonly<Record<string, string>> = {
  lead: 'pending',
  registration: 'pending',
  sale: 'approved',
  deposit: 'approved',
  rebill: 'approved',
  rejected: 'declined',
  trash: 'rejected',
};

/** The word for a status of the ledger; one that it does not know is told as it is. */
export function statusWord(status: string, options: Pick<RedtrackOptions, 'statuses'>): string {
  const word = words[status] ?? status;
  return options.statuses === 'title' ? word.slice(0, 1).toUpperCase() + word.slice(1) : word;
}

/** Conversions that the report counts. */
export const isCounted = ({ status }: Pick<ConversionState, 'status'>): boolean =>
  status !== 'rejected' && status !== 'trash';

export function totalOf(total: number, options: RedtrackOptions): { total?: number | string } {
  switch (options.total) {
    case 'missing':
      return {};
    case 'text':
      return { total: String(total) };
    case 'tooSmall':
      return { total: Math.floor(total / 2) };
    case 'tooLarge':
      return { total: total * 2 + 1000 };
    default:
      return { total };
  }
}

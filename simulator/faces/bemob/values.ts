// How one account writes its values: ids, money, times, and the words of statuses.
import type { ConversionState } from '../../ledger/conversions.ts';
import { decimalOf } from '../../ledger/money.ts';
import type { Zone } from '../../zone.ts';
import type { BemobOptions } from './options.ts';

const letters = { campaign: 'c', offer: 'o', lander: 'l', flow: 'f', source: 'ts', network: 'n' } as const;

/** `c-0001`; empty for none. */
export const idText = (kind: keyof typeof letters, id: number | null | undefined): string =>
  id === null || id === undefined ? '' : `${letters[kind]}-${String(id).padStart(4, '0')}`;

export const moneyOf = (micros: number, { money }: Pick<BemobOptions, 'money'>): number | string =>
  money === 'text' ? decimalOf(micros) : Number(decimalOf(micros));

export function timeOf(second: number, zone: Zone, { times }: BemobOptions): string | number {
  if (times === 'unix') return second;
  return times === 'iso' ? new Date(second * 1_000).toISOString() : zone.wallOf(second);
}

const words: Readonly<Record<string, string>> = {
  ...{ lead: 'New', registration: 'new', sale: 'Approved', deposit: 'confirm', rebill: '' },
  ...{ rejected: 'Declined', trash: 'decline' },
};

/** The word for a status of the ledger; one that it does not know is told as it is. */
export const statusWord = (status: string): string => words[status] ?? status;

/** Some conversions are of an event of the account's own. */
export const eventOf = (tid: string): string => (/[0-3]$/.test(tid) ? 'Upsell' : '');

type Told = Pick<ConversionState, 'status'>;

/** Conversions that the report counts, and those whose money is in it. */
export const isCounted = ({ status }: Told): boolean => !/^decline/i.test(statusWord(status));
export const isPaid = (state: Told): boolean => isCounted(state) && !/^new$/i.test(statusWord(state.status));

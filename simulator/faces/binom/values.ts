// How one tracker writes its values: ids, money, and the words that its postbacks carry.
import type { Campaign } from '../../ledger/catalog.ts';
import { decimalOf } from '../../ledger/money.ts';
import type { BinomOptions } from './options.ts';

export const idOf = (id: number | null | undefined, { ids }: BinomOptions): number | string | null =>
  id === null || id === undefined ? null : ids === 'text' ? String(id) : id;

/** A number that JSON writes with the very digits of the decimal, or its text. */
export const moneyOf = (micros: number, { money }: BinomOptions): number | string =>
  money === 'text' ? decimalOf(micros) : Number(decimalOf(micros));

/** Free text; what stands in none of the usual words is told as it is. */
const words: Readonly<Record<string, string>> = {
  registration: '',
  deposit: 'Approved',
  rebill: 'sale',
  rejected: 'declined',
};

export const statusWord = (status: string): string => words[status] ?? status;

/** Every third campaign leads through a shared rotation; the others carry their own within. */
export const sharedRotationOf = ({ id }: Pick<Campaign, 'id'>): number | null => (id % 3 === 0 ? 1_000 + id : null);

export const nameWithId = ({ id, name }: { id: number; name: string }): string => `${name} (id:${id})`;

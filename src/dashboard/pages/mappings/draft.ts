// What was chosen on the page and is not kept yet.
import { CONVERSION_STATUSES, type ConversionStatus } from '../../../core/statuses.ts';
import type { MappedEntry, Mappings, SubIdsGiven } from '../../app/mappings.ts';

export interface Meaning {
  status: ConversionStatus;
  reversed: boolean;
}

export interface Draft {
  /** By the tracker's word; null brings the built-in meaning back. */
  statuses: Record<string, Meaning | null>;
  subIds: Required<SubIdsGiven> | null;
  /** The ad campaign by our id of the campaign; null for none. */
  campaigns: Record<string, string | null>;
}

export const NOTHING: Draft = { statuses: {}, subIds: null, campaigns: {} };

export const sizeOf = ({ statuses, subIds, campaigns }: Draft): number =>
  Object.keys(statuses).length + (subIds === null ? 0 : 1) + Object.keys(campaigns).length;

/** As the API takes it. */
export const bodyOf = ({ statuses, subIds, campaigns }: Draft) => ({
  ...(Object.keys(statuses).length > 0 && { statuses }),
  ...(subIds !== null && { subIds }),
  ...(Object.keys(campaigns).length > 0 && { campaigns }),
});

/** What is chosen now, and was not yet, or was otherwise, then. */
export const since = (now: Draft, then: Draft): Draft => ({
  statuses: otherThan(now.statuses, then.statuses),
  subIds: now.subIds === then.subIds ? null : now.subIds,
  campaigns: otherThan(now.campaigns, then.campaigns),
});

const otherThan = <T>(now: Record<string, T>, then: Record<string, T>): Record<string, T> =>
  Object.fromEntries(Object.entries(now).filter(([key, value]) => !(key in then) || then[key] !== value));

export function without<T>(all: Record<string, T>, key: string): Record<string, T> {
  const { [key]: _, ...rest } = all;
  return rest;
}

/** Without the key where what is chosen is what is. */
export const choose = <T>(all: Record<string, T>, key: string, value: T, isAsBefore: boolean): Record<string, T> =>
  isAsBefore ? without(all, key) : { ...without(all, key), [key]: value };

/** A word with all that was seen of it, whatever the currency. */
export interface Word {
  rawStatus: string;
  meaning: Meaning | null;
  isDefault: boolean;
  conversions: number;
  money: { currency: string; revenue: string }[];
  lastSeenAt: string | null;
}

export function wordsOf(entries: Mappings['statuses']): Word[] {
  const words = Map.groupBy(entries, ({ rawStatus }) => rawStatus.toLowerCase());
  return [...words.values()].map((ones): Word => {
    const { rawStatus, status, reversed, isDefault, isMapped } = ones[0]!;
    return {
      ...{ rawStatus, isDefault, meaning: isMapped ? { status, reversed } : null },
      conversions: ones.reduce((sum, { conversions }) => sum + conversions, 0),
      money: ones.filter(({ conversions }) => conversions > 0),
      lastSeenAt: latestOf(ones),
    };
  });
}

/** Words that only the draft has: nobody has seen them yet. */
export function addedWords({ statuses }: Draft, seen: readonly Word[]): Word[] {
  const known = new Set(seen.map(({ rawStatus }) => rawStatus.toLowerCase()));
  return Object.keys(statuses)
    .filter((word) => !known.has(word.toLowerCase()))
    .map((rawStatus) => ({ rawStatus, meaning: null, isDefault: false, conversions: 0, money: [], lastSeenAt: null }));
}

const latestOf = (entries: readonly MappedEntry[]): string | null =>
  entries
    .flatMap(({ lastSeenAt }) => lastSeenAt ?? [])
    .sort()
    .at(-1) ?? null;

export const STATUSES = CONVERSION_STATUSES;
export const isSame = (a: Meaning | null, b: Meaning | null): boolean =>
  a?.status === b?.status && a?.reversed === b?.reversed;

// The four canonical conversion statuses, and the table that turns a tracker's words into them.

export const CONVERSION_STATUSES = ['approved', 'pending', 'rejected', 'hold'] as const;
export type ConversionStatus = (typeof CONVERSION_STATUSES)[number];

/** What a tracker's word means; `reversed` marks a chargeback or refund. */
export interface StatusMeaning {
  status: ConversionStatus;
  reversed?: boolean;
}

/** Raw word, in lower case, to its meaning. A word that is not in it counts as pending and is shown as unmapped. */
export type StatusMap = Readonly<Record<string, ConversionStatus | StatusMeaning>>;

export function statusMeaning(entry: ConversionStatus | StatusMeaning): Required<StatusMeaning> {
  return typeof entry === 'string'
    ? { status: entry, reversed: false }
    : { status: entry.status, reversed: entry.reversed ?? false };
}

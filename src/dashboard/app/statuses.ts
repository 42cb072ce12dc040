// The four statuses as they are called here, and their tones.
import type { ConversionStatus } from '../../core/statuses.ts';

export const STATUS_WORDS: Readonly<Record<ConversionStatus, string>> = {
  approved: 'Approved',
  pending: 'Pending',
  rejected: 'Rejected',
  hold: 'On hold',
};

export const STATUS_TONES = { approved: 'ok', pending: 'info', hold: 'warn', rejected: 'bad' } as const;

/** A tracker's word may be empty. */
export const wordOf = (rawStatus: string): string => (rawStatus === '' ? '(empty)' : rawStatus);

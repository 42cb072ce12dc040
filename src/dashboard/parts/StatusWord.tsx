// What a conversion counts as: a dot and a word.
import type { ConversionStatus } from '../../core/statuses.ts';
import css from './parts.module.css';

const WORDS = {
  approved: ['Approved', 'ok'],
  pending: ['Pending', 'info'],
  hold: ['On hold', 'warn'],
  rejected: ['Rejected', 'bad'],
} as const satisfies Record<ConversionStatus, readonly [string, string]>;

export function StatusWord({ status, reversed = false }: { status: ConversionStatus; reversed?: boolean }) {
  const [word, tone] = WORDS[status];
  return (
    <span className={css.state}>
      <span className={css.dot} data-tone={reversed ? 'bad' : tone} aria-hidden />
      <span>{reversed ? 'Taken back' : word}</span>
    </span>
  );
}

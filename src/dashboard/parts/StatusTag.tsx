// What a conversion counts as: a dot and a word.
import type { ConversionStatus } from '../../core/statuses.ts';
import { STATUS_WORDS } from '../app/statuses.ts';
import css from './parts.module.css';

const TONES = { approved: 'ok', pending: 'info', rejected: 'bad', hold: 'warn' } as const;

export function StatusTag({ status, reversed = false }: { status: ConversionStatus; reversed?: boolean }) {
  return (
    <span className={css.state}>
      <span className={css.dot} data-tone={TONES[status]} aria-hidden />
      <span>{STATUS_WORDS[status]}</span>
      {reversed && <span className={css.tag}>Reversal</span>}
    </span>
  );
}

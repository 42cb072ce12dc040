// What a conversion counts as: a dot and a word.
import type { ConversionStatus } from '../../core/statuses.ts';
import { STATUS_TONES, STATUS_WORDS } from '../app/statuses.ts';
import css from './parts.module.css';

export function StatusWord({ status, reversed = false }: { status: ConversionStatus; reversed?: boolean }) {
  return (
    <span className={css.state}>
      <span className={css.dot} data-tone={reversed ? 'bad' : STATUS_TONES[status]} aria-hidden />
      <span>{reversed ? 'Taken back' : STATUS_WORDS[status]}</span>
    </span>
  );
}

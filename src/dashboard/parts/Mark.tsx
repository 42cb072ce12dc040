// A tracker's two letters. Decoration: its name always stands beside it.
import css from './parts.module.css';

export const Mark = ({ letters }: { letters: string }) => (
  <span className={css.mark} data-letters={letters} aria-hidden />
);

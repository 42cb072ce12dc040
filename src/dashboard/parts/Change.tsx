// By how much a figure has moved against the one before, in percent.
import { percent } from '../app/format.ts';
import css from './parts.module.css';

/** What grew out of nearly nothing says no more than that. */
const MOST_PERCENT = 999;

interface Props {
  now: number | null;
  before: number | null;
  /** What it is held against, on hover. */
  against?: string;
  /** More is neither good nor bad. */
  isNeutral?: boolean;
}

/** Keeps its place where there is nothing to tell: the figures before it stay in line. */
export function Change({ now, before, against = 'Against the same time yesterday', isNeutral = false }: Props) {
  if (now === null || before === null || before === 0 || now === before) return <span className={css.change} />;
  const share = (100 * (now - before)) / Math.abs(before);
  const shown = Math.min(share, MOST_PERCENT);
  const words = `${share > MOST_PERCENT ? '> ' : ''}${share > 0 ? '+' : ''}${percent(shown, Math.abs(share) < 10 ? 1 : 0)}`;
  return (
    <span className={css.change} data-tone={isNeutral ? undefined : share > 0 ? 'up' : 'down'} title={against}>
      {words}
    </span>
  );
}

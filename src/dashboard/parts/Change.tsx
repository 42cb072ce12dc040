// By how much a figure has moved against the one before, in percent.
import { percent } from '../app/format.ts';
import css from './parts.module.css';

/** What grew out of nearly nothing says no more than that. */
const MOST_PERCENT = 999;

const YESTERDAY = 'Against the same time yesterday';

interface Props {
  now: number | null;
  before: number | null;
  /** What it is held against, on hover. */
  against?: string;
  /** More is neither good nor bad. */
  isNeutral?: boolean;
  /** They are percentages themselves: the difference is told. */
  inPoints?: boolean;
}

/** Keeps its place where there is nothing to tell: the figures before it stay in line. */
export function Change({ now, before, against = YESTERDAY, isNeutral = false, inPoints = false }: Props) {
  if (now === null || before === null || now === before) return <span className={css.change} />;
  if (before === 0 && !inPoints) return <span className={css.change} />;
  const share = inPoints ? now - before : (100 * (now - before)) / Math.abs(before);
  const size = Math.min(Math.abs(share), MOST_PERCENT);
  const shown = percent(Math.sign(share) * size, size < 10 ? 1 : 0);
  const beyond = Math.abs(share) <= MOST_PERCENT ? '' : share > 0 ? '> ' : '< ';
  const words = `${beyond}${share > 0 ? '+' : ''}${inPoints ? shown.replace('%', 'pp') : shown}`;
  return (
    <span className={css.change} data-tone={isNeutral ? undefined : share > 0 ? 'up' : 'down'} title={against}>
      {words}
    </span>
  );
}

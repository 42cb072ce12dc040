// By how much a figure has moved against the one before, in percent.
import { percent } from '../app/format.ts';
import css from './parts.module.css';

/** Keeps its place where there is nothing to tell: the figures before it stay in line. */
export function Change({ now, before }: { now: number; before: number | null }) {
  if (before === null || before === 0 || now === before) return <span className={css.change} />;
  const share = (100 * (now - before)) / before;
  const words = `${share > 0 ? '+' : ''}${percent(share, Math.abs(share) < 10 ? 1 : 0)}`;
  return (
    <span className={css.change} data-tone={share > 0 ? 'up' : 'down'} title="Against the same time yesterday">
      {words}
    </span>
  );
}

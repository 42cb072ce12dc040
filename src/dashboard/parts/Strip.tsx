// A cell a day, newest right: how much of the day is in, whether it is being read, and whether it is right.
import { Tooltip } from '@mantine/core';
import { count, dayOf } from '../app/format.ts';
import type { Day } from '../app/trackers.ts';
import css from './parts.module.css';

const VERDICTS = {
  equal: 'equal to the tracker',
  differs: 'differs from the tracker',
  rereading: 'being read again',
  explained: 'differs for a known reason',
} as const;

export function Strip({ days, size = 'small' }: { days: readonly Day[]; size?: 'small' | 'large' }) {
  return (
    <div className={css.strip} data-size={size} role="img" aria-label={summaryOf(days)}>
      {days.map((day) => (
        <Tooltip key={day.day} label={wordsOf(day)} multiline>
          <span
            className={css.cell}
            data-part={day.filled === null ? 'none' : undefined}
            data-runs={day.isRunning}
            data-state={day.state}
          >
            <span className={css.fill} style={{ height: `${100 * (day.filled ?? 0)}%` }} />
            {day.state !== null && (day.filled ?? 0) > 0.3 && <span className={css.verdict} />}
          </span>
        </Tooltip>
      ))}
    </div>
  );
}

const beside = (name: string, figures: Day['clicks']): string =>
  figures === null ? '' : ` · ${name} ${count(figures.ours)}, the tracker says ${count(figures.theirs)}`;

function wordsOf({ day, filled, isRunning, state, clicks, conversions }: Day): string {
  const part = filled === null ? 'not asked for' : filled >= 1 ? 'all in' : `${Math.floor(100 * filled)} % in`;
  const rows = `${beside('clicks', clicks)}${beside('conversions', conversions)}`;
  const verdict = state === null ? '' : ` · ${VERDICTS[state]}`;
  return `${dayOf(day)} · ${part}${isRunning ? ', being read' : ''}${rows}${verdict}`;
}

function summaryOf(days: readonly Day[]): string {
  const asked = days.filter(({ filled }) => filled !== null);
  const whole = asked.filter(({ filled }) => filled === 1).length;
  const differing = asked.filter(({ state }) => state === 'differs').length;
  const words = `${whole} of ${asked.length} days are in`;
  return differing === 0 ? words : `${words}, ${differing} differ from the tracker`;
}

// A cell a day, newest right: how much of the day is in, whether it is being read, and whether it is right.
import { Tooltip } from '@mantine/core';
import { type CSSProperties, type KeyboardEvent, useRef, useState } from 'react';
import { count, dayOf } from '../app/format.ts';
import type { Day } from '../app/trackers.ts';
import css from './parts.module.css';

const VERDICTS = {
  equal: 'equal to the tracker',
  differs: 'differs from the tracker',
  rereading: 'being read again',
  explained: 'differs for a known reason',
} as const;

const SUMMED = {
  equal: 'equal to the tracker',
  differs: 'different from the tracker',
  rereading: 'being read again',
  explained: 'different for a known reason',
} as const;

/** A tick, a mark that something is wrong, or a dot where the reason is known: told apart without colour, at 8 pixels too. */
const MARKS = {
  equal: 'M1.6 4.4 3.3 6.1 6.4 2.4',
  differs: 'M4 .9V4.6M4 7V7.01',
  rereading: 'M4 .9V4.6M4 7V7.01',
  explained: 'M4 4V4.01',
} as const;
/** Of a day that is hardly in nothing can be said yet. */
const LEAST_FILLED = 0.5;
/** More of them are one line where there is room, else lines of so many, the newest at the end of the last. */
const A_LINE = 30;

/** Small it is one picture; large each day is come to by arrows, and tells what is told on hover. */
export function Strip({ days, size = 'small' }: { days: readonly Day[]; size?: 'small' | 'large' }) {
  const strip = useRef<HTMLDivElement>(null);
  const [gone, setCurrent] = useState<number | null>(null);
  const current = Math.min(gone ?? days.length, days.length - 1);
  const isLarge = size === 'large';

  function move(event: KeyboardEvent): void {
    const steps: Record<string, number> = {
      ...{ ArrowLeft: current - 1, ArrowRight: current + 1 },
      ...{ Home: 0, End: days.length - 1 },
    };
    const next = steps[event.key];
    if (next === undefined || next < 0 || next >= days.length) return;
    event.preventDefault();
    setCurrent(next);
    (strip.current?.children[next] as HTMLElement | undefined)?.focus();
  }

  const own = (place: number, words: string) =>
    isLarge && {
      ...{ role: 'img', 'aria-label': words, onKeyDown: move, onFocus: () => setCurrent(place) },
      tabIndex: place === current ? 0 : -1,
    };
  return (
    <div
      ref={strip}
      className={css.strip}
      data-size={size}
      data-long={isLarge && days.length > A_LINE}
      style={{ '--days': days.length, '--begins': 1 + ((A_LINE - (days.length % A_LINE)) % A_LINE) } as CSSProperties}
      {...{ role: isLarge ? 'group' : 'img', 'aria-label': summaryOf(days) }}
    >
      {days.map((day, place) => (
        <Tooltip key={day.day} label={wordsOf(day)} multiline>
          <span
            className={css.cell}
            data-part={day.filled === null ? 'none' : undefined}
            data-runs={day.isRunning}
            data-state={day.state}
            {...own(place, wordsOf(day))}
          >
            <span className={css.fill} style={{ height: `${100 * (day.filled ?? 0)}%` }} />
            {day.state !== null && (day.filled ?? 0) >= LEAST_FILLED && (
              <svg className={css.verdict} viewBox="0 0 8 8" aria-hidden>
                <path d={MARKS[day.state]} />
              </svg>
            )}
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
  const told = (['equal', 'differs', 'rereading', 'explained'] as const).flatMap((verdict) => {
    const many = asked.filter(({ state }) => state === verdict).length;
    return many === 0 ? [] : [`${many} ${SUMMED[verdict]}`];
  });
  return [`${whole} of ${asked.length} days are in`, ...told].join(', ');
}

// Uploaded spend of a day that was changed: what it was and what it is, by platform, level and currency.
import { add, signOf, subtract } from '../../../core/decimal.ts';
import { count, money } from '../../app/format.ts';
import type { SpendMove } from './search.ts';
import { withSign } from './sums.ts';
import css from './WhatMoved.module.css';

const LEVELS = {
  ad: ['ad', 'ads'],
  ad_set: ['ad set', 'ad sets'],
  ad_campaign: ['ad campaign', 'ad campaigns'],
} as const;

export function Spend({ moves }: { moves: readonly SpendMove[] }) {
  if (moves.length === 0) return null;
  return (
    <dl className={css.figures}>
      {sumsOf(moves).map((sum) => (
        <div key={sum.currency} className={css.main}>
          <dt>Cost in all</dt>
          <dd>
            <Amounts {...sum} />
          </dd>
        </div>
      ))}
      {moves.map(({ platform, level, currency, ads, before, now }) => {
        const [one, many] = LEVELS[level];
        return (
          <div key={`${platform} ${level} ${currency}`} className={css.main}>
            <dt>
              Cost{platform === '' ? '' : ` on ${platform}`}, {count(ads)} {ads === 1 ? one : many}
            </dt>
            <dd>
              <Amounts {...{ before, now, currency }} />
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

type Sum = Pick<SpendMove, 'before' | 'now' | 'currency'>;

function Amounts({ before, now, currency }: Sum) {
  const by = subtract(now, before);
  return (
    <>
      <span className={css.muted}>{money(before, currency)}</span> → {money(now, currency)}{' '}
      <span className={css.by} data-sign={signOf(by) > 0 ? -1 : 1}>
        {withSign(by, money(by, currency))}
      </span>
    </>
  );
}

/** Of each currency with more than one line, what all of them were and are. */
function sumsOf(moves: readonly SpendMove[]): Sum[] {
  return [...Map.groupBy(moves, ({ currency }) => currency)].flatMap(([currency, own]) => {
    const sum = (of: 'before' | 'now') => own.reduce((all, move) => add(all, move[of]), '0');
    return own.length < 2 ? [] : [{ currency, before: sum('before'), now: sum('now') }];
  });
}

// Uploaded spend of a day that was changed: what it was and what it is, by platform, level and currency.
import { signOf, subtract } from '../../../core/decimal.ts';
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
      {moves.map(({ platform, level, currency, ads, before, now }) => {
        const [one, many] = LEVELS[level];
        const by = subtract(now, before);
        return (
          <div key={`${platform} ${level} ${currency}`} className={css.main}>
            <dt>
              Cost{platform === '' ? '' : ` on ${platform}`}, {count(ads)} {ads === 1 ? one : many}
            </dt>
            <dd>
              <span className={css.muted}>{money(before, currency)}</span> → {money(now, currency)}{' '}
              <span className={css.by} data-sign={signOf(by) > 0 ? -1 : 1}>
                {withSign(by, money(by, currency))}
              </span>
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

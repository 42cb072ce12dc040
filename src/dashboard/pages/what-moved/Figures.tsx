// A day at a glance: what it was, what it is, and what did it, per currency.
import { count, money } from '../../app/format.ts';
import type { DayRow, MovedDay } from './search.ts';
import { before, type DayFigures, figuresOf, KINDS, withSign } from './sums.ts';
import css from './WhatMoved.module.css';

export function Figures({ moved, now }: { moved: MovedDay; now: readonly DayRow[] }) {
  const own = now.filter(({ keys }) => keys.day === moved.day);
  return (
    <>
      {figuresOf(moved, own).map((figures) => (
        <dl key={figures.currency} className={css.figures}>
          <Money title="Revenue" figures={figures} column="revenue" />
          <Money title="Approved revenue" figures={figures} column="approvedRevenue" />
          <Count {...figures} />
          {figures.kinds.map(({ kind, moved: howMany, revenue }) => (
            <div key={kind}>
              <dt>{KINDS[kind]}</dt>
              <dd>
                {count(howMany)} <Sign value={revenue} told={money(revenue, figures.currency)} />
              </dd>
            </div>
          ))}
        </dl>
      ))}
    </>
  );
}

const Sign = ({ value, told }: { value: string; told: string }) =>
  value === '0' ? null : (
    <span className={css.by} data-sign={value.startsWith('-') ? -1 : 1}>
      {withSign(value, told)}
    </span>
  );

interface MoneyProps {
  title: string;
  figures: DayFigures;
  column: 'revenue' | 'approvedRevenue';
}

function Money({ title, figures: { currency, now, by }, column }: MoneyProps) {
  const told = (value: string): string => money(value, currency);
  return (
    <div className={css.main}>
      <dt>{title}</dt>
      <dd>
        {by[column] !== '0' && (
          <>
            <span className={css.muted}>{told(before(now[column], by[column]))}</span> →{' '}
          </>
        )}
        {told(now[column])} <Sign value={by[column]} told={told(by[column])} />
      </dd>
    </div>
  );
}

function Count({ now, by }: DayFigures) {
  if (by.conversions === 0) return null;
  return (
    <div>
      <dt>Conversions</dt>
      <dd>
        <span className={css.muted}>{count(now.conversions - by.conversions)}</span> → {count(now.conversions)}{' '}
        <Sign value={String(by.conversions)} told={count(by.conversions)} />
      </dd>
    </div>
  );
}

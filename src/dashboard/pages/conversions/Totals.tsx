// What the list adds up to: how many of each status, and their money, a sum a currency.
import { useQuery } from '@tanstack/react-query';
import { count, money } from '../../app/format.ts';
import { reportQuery } from '../../app/reports.ts';
import { StatusWord } from '../../parts/StatusWord.tsx';
import css from './Conversions.module.css';
import type { ConversionAsk } from './search.ts';
import { reportOf, sumsOf } from './sums.ts';

/** Keeps its line until it is known. An id has no sum. */
export function Totals({ ask, zone }: { ask: ConversionAsk; zone: string }) {
  const isOfDays = ask.q === undefined && ask.from !== undefined && ask.to !== undefined;
  const { data, isPlaceholderData } = useQuery({ ...reportQuery(reportOf(ask, zone)), enabled: isOfDays });
  const { all, statuses } = sumsOf(data?.rows ?? []);
  // Of nothing the list itself says why.
  if (!isOfDays || (data !== undefined && all === 0)) return null;
  return (
    <dl className={css.totals} data-old={isPlaceholderData} aria-label="Totals">
      {data !== undefined && (
        <div>
          <dt>Conversions</dt>
          <dd>{count(all)}</dd>
        </div>
      )}
      {statuses.map(({ status, howMany, sums }) => (
        <div key={status}>
          <dt>
            <StatusWord status={status} />
          </dt>
          <dd>
            {count(howMany)}
            {sums.map(({ currency, revenue }) => (
              <span key={currency} className={css.sum}>
                {money(revenue, currency)}
              </span>
            ))}
          </dd>
        </div>
      ))}
    </dl>
  );
}

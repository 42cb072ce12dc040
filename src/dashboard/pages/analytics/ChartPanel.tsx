// The chart over the table: which figure, as one line or by the first dimension, beside the period before.
import { Checkbox, SegmentedControl, Select } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { isTime, titleOf } from '../../app/dimensions.ts';
import { compact, count, dayOf, moment, money, percent, shortMoney } from '../../app/format.ts';
import type { Range } from '../../app/range.ts';
import { Waiting } from '../../parts/Waiting.tsx';
import css from './Analytics.module.css';
import { isMoney, METRICS, type Metric, metricTitle } from './columns.ts';
import { type AnalyticsSearch, groupsOf } from './search.ts';
import type { useSeries } from './useSeries.ts';

const Chart = lazy(() => import('./Chart.tsx'));

interface Props {
  search: AnalyticsSearch;
  range: Range;
  metric: Metric;
  lines: ReturnType<typeof useSeries>;
  /** Of the report; money is drawn in one of them. */
  currencies: readonly string[];
  currency: string;
  onChange(change: Pick<AnalyticsSearch, 'chart' | 'draw' | 'split' | 'compare'>): void;
}

export function ChartPanel({ search, range, metric, lines, currencies, currency, onChange }: Props) {
  const [first = ''] = groupsOf(search);
  const { points, earlier, step, series } = lines;
  const nameOf = (point: string) => (step === 'day' ? dayOf(point) : moment(point, range.zone));
  return (
    <section className={css.chartPanel} aria-label="Over time">
      <div className={css.chartHead}>
        <Select
          size="xs"
          aria-label="What the chart draws"
          data={METRICS.map((value) => ({ value, label: metricTitle(value) }))}
          value={metric}
          allowDeselect={false}
          searchable
          className={css.metric}
          onChange={(value) => onChange({ chart: value as Metric })}
        />
        {isMoney(metric) && currencies.length > 1 && (
          <SegmentedControl
            size="xs"
            aria-label="Currency of the chart"
            data={[...currencies]}
            value={currency}
            onChange={(draw) => onChange({ draw })}
          />
        )}
        {series !== null && series.length > 0 && search.split && (
          <ul className={css.legend}>
            {series.map(({ id, name, colour }) => (
              <li key={id} title={name}>
                <span className={css.dot} style={{ background: colour }} />
                {name}
              </li>
            ))}
          </ul>
        )}
        <div className={css.chartChoices}>
          {!isTime(first) && (
            <Checkbox
              size="xs"
              label={`By ${titleOf(first).toLowerCase()}`}
              checked={search.split === true}
              onChange={({ currentTarget }) => onChange({ split: currentTarget.checked || undefined })}
            />
          )}
          <Checkbox
            size="xs"
            label={range.days === 1 ? 'Compare with the day before' : `Compare with the ${range.days} days before`}
            checked={search.compare === true}
            onChange={({ currentTarget }) => onChange({ compare: currentTarget.checked || undefined })}
          />
        </div>
      </div>
      <div className={css.chartPlace}>
        <Suspense fallback={<Waiting lines={5} height={44} />}>
          {series !== null && (
            <Chart
              {...{ points, earlier, series, nameOf }}
              label={`${metricTitle(metric)} by ${step}. The table below has the figures when it is grouped by ${step}.`}
              shortOf={(point) => (step === 'day' ? dayOf(point) : moment(point, range.zone).slice(-5))}
              figureOf={(value) => figureOf(value, metric, currency)}
              tickOf={(value) => tickOf(value, metric, currency)}
            />
          )}
        </Suspense>
      </div>
    </section>
  );
}

function figureOf(value: number | null, metric: Metric, currency: string): string {
  if (metric === 'roi' || metric === 'cr') return percent(value);
  if (isMoney(metric)) return money(value === null ? null : String(value), currency, metric === 'epc' ? 4 : undefined);
  return count(value);
}

function tickOf(value: number, metric: Metric, currency: string): string {
  if (metric === 'roi' || metric === 'cr') return percent(value, Number.isInteger(value) ? 0 : 1);
  if (!isMoney(metric)) return compact(value);
  return shortMoney(value, currency);
}

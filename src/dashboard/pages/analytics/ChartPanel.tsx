// The chart over the table: which figure, as one line or by the first dimension, beside the period before.
import { Checkbox, SegmentedControl, Select } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { lazy, type ReactNode, Suspense } from 'react';
import { isTime, titleOf } from '../../app/dimensions.ts';
import { compact, count, dayOf, moment, money, percent, shortMoney } from '../../app/format.ts';
import type { Range } from '../../app/range.ts';
import { Waiting } from '../../parts/Waiting.tsx';
import css from './Analytics.module.css';
import { isMoney, METRICS, type Metric, metricTitle } from './columns.ts';
import { namesAtEnds, scaleOf } from './scale.ts';
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
  /** Said in place of lines, where there is none to draw. */
  nothing: ReactNode;
  onChange(change: Pick<AnalyticsSearch, 'chart' | 'draw' | 'split' | 'compare'>): void;
}

export function ChartPanel({ search, range, metric, lines, currencies, currency, nothing, onChange }: Props) {
  const [first = ''] = groupsOf(search);
  const isWide = useMediaQuery('(min-width: 900px)') ?? true;
  const { points, earlier, step, series, split, openFrom } = lines;
  const isSplit = split !== null;
  const wordsOf = (point: string) => (step === 'day' ? dayOf(point) : moment(point, range.zone));
  const nameOf = (point: string) => `${wordsOf(point)}${points.indexOf(point) >= openFrom ? ', so far' : ''}`;
  const drawn = (series ?? []).flatMap(({ now, before }) => [...now, ...(before ?? [])]).filter((one) => one !== null);
  const scale = scaleOf(drawn);
  const told = (value: number | null) => figureOf(value, lines.metric, lines.currency);
  const names = isSplit && isWide && series !== null ? namesAtEnds(series, scale) : null;
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
        {series !== null && series.length > 0 && isSplit && (
          <ul className={names === null ? css.legend : css.unseen} aria-label="Lines">
            {series.map(({ id, name, whose, colour }) => (
              <li key={id} title={whose === null ? name : `${name} · ${whose}`}>
                <span className={css.dot} style={{ background: colour }} />
                {name} {whose !== null && <span className={css.whose}>{whose}</span>}
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
        {series === null && <Waiting lines={5} height={44} />}
        <Suspense fallback={<Waiting lines={5} height={44} />}>
          {series !== null && drawn.length === 0 && <div className={css.nothing}>{nothing}</div>}
          {series !== null && (
            <Chart
              {...{ points, earlier, series, scale, names, nameOf }}
              since={sinceOf(lines)}
              label={`${metricTitle(metric)} by ${step}. The table below has the figures when it is grouped by ${step}.`}
              shortOf={(point) => (step === 'day' ? dayOf(point) : moment(point, range.zone).slice(-5))}
              figureOf={told}
              tickOf={(value) => tickOf(value, lines.metric, lines.currency, scale.most)}
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

function tickOf(value: number, metric: Metric, currency: string, most: number): string {
  if (metric === 'roi' || metric === 'cr')
    return percent(value, Number.isInteger(value) ? 0 : Number.isInteger(value * 10) ? 1 : 2);
  if (!isMoney(metric)) return compact(value);
  return most > 0 && most < 0.1 ? money(String(value), currency, 4) : shortMoney(value, currency);
}

/** Where the lines begin, when that is later than the range. */
function sinceOf({ points, series, since }: ReturnType<typeof useSeries>): string | null {
  if (since === null || points[0] === undefined || since.slice(0, points[0].length) <= points[0]) return null;
  const first = Math.min(
    ...(series ?? []).map(({ now }) => now.findIndex((value) => value !== null)).filter((at) => at >= 0),
  );
  return points[first] ?? null;
}

// Lines over time; the period before is dotted. Loaded when a chart is shown.
import { CartesianGrid, Line, LineChart, ReferenceLine, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import css from './Chart.module.css';
import type { Series } from './useSeries.ts';

export interface ChartProps {
  label: string;
  points: readonly string[];
  /** The points of the period before, in the same places. */
  earlier: readonly string[];
  series: readonly Series[];
  nameOf(point: string): string;
  shortOf(point: string): string;
  figureOf(value: number | null): string;
  tickOf(value: number): string;
}

const HEIGHT = 220;
const BEFORE = ' before';
const TICK = { fill: 'var(--muted)', fontSize: 12 };

export default function Chart({ label, points, earlier, series, nameOf, shortOf, figureOf, tickOf }: ChartProps) {
  const data = points.map((point, place) => ({
    point,
    ...Object.fromEntries(series.map(({ id, now }) => [id, now[place] ?? null])),
    ...Object.fromEntries(series.map(({ id, before }) => [`${id}${BEFORE}`, before?.[place] ?? null])),
  }));
  const isLone = (id: string) => data.filter((row) => (row as Record<string, unknown>)[id] !== null).length === 1;
  const drawn = series.flatMap(({ now, before }) => [...now, ...(before ?? [])]).filter((value) => value !== null);
  const hasNegative = drawn.some((value) => value < 0);
  // Nought is always in sight.
  const domain = [hasNegative ? 'auto' : 0, drawn.some((value) => value > 0) ? 'auto' : 0] as const;
  return (
    <div className={css.chart} role="img" aria-label={label}>
      <ResponsiveContainer width="100%" height={HEIGHT}>
        <LineChart data={data} margin={{ top: 8, right: 12, bottom: 0, left: 0 }} accessibilityLayer={false}>
          <CartesianGrid vertical={false} stroke="var(--line)" />
          <XAxis
            dataKey="point"
            tickFormatter={shortOf}
            tickLine={false}
            axisLine={false}
            minTickGap={40}
            tickMargin={8}
            tick={TICK}
          />
          <YAxis
            domain={drawn.some(Boolean) ? [...domain] : [0, 1]}
            tickFormatter={tickOf}
            tickLine={false}
            axisLine={false}
            width="auto"
            tick={TICK}
          />
          {hasNegative && <ReferenceLine y={0} stroke="var(--line-strong)" />}
          <Tooltip
            isAnimationActive={false}
            cursor={{ stroke: 'var(--line-strong)' }}
            content={({ active, activeIndex }) => {
              const place = Number(activeIndex ?? -1);
              if (!active || points[place] === undefined) return null;
              return <Tip {...{ place, points, earlier, series, nameOf, figureOf }} />;
            }}
          />
          {series.map(({ id, colour, before }) =>
            before === null ? null : (
              <Line
                key={`${id}${BEFORE}`}
                dataKey={`${id}${BEFORE}`}
                stroke={colour}
                strokeWidth={1.5}
                strokeDasharray="2 4"
                strokeOpacity={0.75}
                dot={false}
                activeDot={false}
                isAnimationActive={false}
              />
            ),
          )}
          {series.map(({ id, colour }) => (
            <Line
              key={id}
              dataKey={id}
              stroke={colour}
              strokeWidth={1.5}
              dot={isLone(id) ? { r: 3, fill: colour } : false}
              activeDot={{ r: 3 }}
              isAnimationActive={false}
            />
          ))}
        </LineChart>
      </ResponsiveContainer>
    </div>
  );
}

type TipProps = Pick<ChartProps, 'points' | 'earlier' | 'series' | 'nameOf' | 'figureOf'> & { place: number };

function Tip({ place, points, earlier, series, nameOf, figureOf }: TipProps) {
  const isCompared = series.some(({ before }) => before !== null);
  return (
    <div className={css.tip}>
      <div className={css.tipHead}>
        {nameOf(points[place]!)}
        {isCompared && earlier[place] !== undefined && <span> · before: {nameOf(earlier[place])}</span>}
      </div>
      <table>
        <tbody>
          {series.map(({ id, name, colour, now, before }) => (
            <tr key={id}>
              <td className={css.tipName}>
                <span className={css.dot} style={{ background: colour }} />
                {name}
              </td>
              <td>{figureOf(now[place] ?? null)}</td>
              {before !== null && <td className={css.tipBefore}>{figureOf(before[place] ?? null)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

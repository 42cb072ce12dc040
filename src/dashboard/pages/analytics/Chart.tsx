// Lines over time; the period before is dotted. Loaded when a chart is shown.
import { CartesianGrid, Line, LineChart, ReferenceLine, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { BeginsHere } from './BeginsHere.tsx';
import css from './Chart.module.css';
import { EndName } from './EndName.tsx';
import type { Series } from './lines.ts';
import { AXIS, HEIGHT, NAMES_WIDTH, type Scale, TOP } from './scale.ts';
import { Tip } from './Tip.tsx';

export interface ChartProps {
  label: string;
  points: readonly string[];
  /** The points of the period before, in the same places. */
  earlier: readonly string[];
  series: readonly Series[];
  scale: Scale;
  /** By how much each name stands below its line's end; null where they do not fit there. */
  names: ReadonlyMap<string, number> | null;
  /** The first point of which anything is known, where it is not the first of all. */
  since: string | null;
  nameOf(point: string): string;
  shortOf(point: string): string;
  figureOf(value: number | null): string;
  tickOf(value: number): string;
}

/** Behind a value, which may be empty. */
const NOW = ' now';
const BEFORE = ' before';
const TICK = { fill: 'var(--muted)', fontSize: 12 };

export default function Chart(props: ChartProps) {
  const { label, points, series, scale, names, since, shortOf, tickOf } = props;
  const data = points.map((point, place) => ({
    point,
    ...Object.fromEntries(series.map(({ id, now }) => [`${id}${NOW}`, now[place] ?? null])),
    ...Object.fromEntries(series.map(({ id, before }) => [`${id}${BEFORE}`, before?.[place] ?? null])),
  }));
  const last = Math.max(...series.map(({ now }) => now.findLastIndex((value) => value !== null)));
  // Of a range that is not over, the time to come has room for them.
  const needsRoom = names !== null && last > 0.8 * (points.length - 1);
  const isLone = (line: Series['now']) => line.filter((value) => value !== null).length === 1;
  return (
    <div className={css.chart} role="img" aria-label={label}>
      <ResponsiveContainer width="100%" height={HEIGHT}>
        <LineChart
          data={data}
          margin={{ top: TOP, right: needsRoom ? NAMES_WIDTH : 12, bottom: 0, left: 0 }}
          accessibilityLayer={false}
        >
          <CartesianGrid vertical={false} stroke="var(--line)" />
          <XAxis
            dataKey="point"
            height={AXIS}
            tickFormatter={shortOf}
            tickLine={false}
            axisLine={false}
            minTickGap={40}
            tickMargin={8}
            tick={TICK}
          />
          <YAxis
            domain={[scale.least, scale.most]}
            ticks={scale.ticks}
            interval={0}
            tickFormatter={tickOf}
            tickLine={false}
            axisLine={false}
            width="auto"
            tick={TICK}
          />
          {scale.least < 0 && <ReferenceLine y={0} stroke="var(--line-strong)" />}
          {since !== null && (
            <ReferenceLine x={since} stroke="var(--line-strong)" strokeDasharray="2 3" label={BeginsHere} />
          )}
          <Tooltip
            isAnimationActive={false}
            cursor={{ stroke: 'var(--line-strong)' }}
            content={({ active, activeIndex }) => {
              const place = Number(activeIndex ?? -1);
              return active && points[place] !== undefined ? <Tip {...props} place={place} /> : null;
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
                dot={isLone(before) ? { r: 2, fill: colour } : false}
                activeDot={false}
                isAnimationActive={false}
              />
            ),
          )}
          {series.map(({ id, name, whose, colour, now }) => (
            <Line
              key={id}
              dataKey={`${id}${NOW}`}
              stroke={colour}
              strokeWidth={1.5}
              dot={isLone(now) ? { r: 3, fill: colour } : false}
              activeDot={{ r: 3 }}
              isAnimationActive={false}
              label={
                names === null
                  ? false
                  : ({ index, x, y }) => (
                      <EndName
                        key={index}
                        isEnd={index === now.findLastIndex((value) => value !== null)}
                        {...{ x: Number(x), y: Number(y), below: names.get(id) ?? 0, name, whose, colour }}
                      />
                    )
              }
            />
          ))}
        </LineChart>
      </ResponsiveContainer>
    </div>
  );
}

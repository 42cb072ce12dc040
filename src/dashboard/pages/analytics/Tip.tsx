// The figures of a point, beside those of the period before.
import css from './Chart.module.css';
import type { ChartProps } from './Chart.tsx';

type Props = Pick<ChartProps, 'points' | 'earlier' | 'series' | 'nameOf' | 'figureOf'> & { place: number };

export function Tip({ place, points, earlier, series, nameOf, figureOf }: Props) {
  const isCompared = series.some(({ before }) => before !== null);
  return (
    <div className={css.tip}>
      <div className={css.tipHead}>
        {nameOf(points[place]!)}
        {isCompared && earlier[place] !== undefined && <span> · before: {nameOf(earlier[place])}</span>}
      </div>
      <table>
        <tbody>
          {series.map(({ id, name, whose, colour, now, before }) => (
            <tr key={id}>
              <td className={css.tipName}>
                <span className={css.dot} style={{ background: colour }} />
                {name} {whose !== null && <span className={css.whose}>{whose}</span>}
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

// How wide each column must be for its longest figure: no digit is ever cut off.
import type { Report } from '../../app/reports.ts';
import { drawnOf, figureOf, type Metric, metricTitle } from './columns.ts';

const LEAST = 80;
const PADDING = 26;
/** Of a digit in the totals' weight, and of a letter in a head with its arrow. */
const DIGIT = 8;
const LETTER = 7.5;
const ARROW = 32;
const BY_MOVE = 20;

export function widthsOf(
  { rows, totals }: Report,
  columns: readonly Metric[],
  isCompared: boolean,
): Map<Metric, number> {
  const lines = [...totals, ...rows];
  return new Map(
    columns.map((metric) => {
      const [least, most] = [-1, 1].map((sign) => extreme(lines, metric, sign));
      const texts = [least, most].map((line) => (line === null ? '' : figureOf(line!, metric, line!.currency)));
      const longest = Math.max(...texts.map((text) => text.length));
      return [
        metric,
        Math.ceil(
          Math.max(
            LEAST,
            longest * DIGIT + PADDING,
            metricTitle(metric).length * LETTER + ARROW + (isCompared ? BY_MOVE : 0),
          ),
        ),
      ];
    }),
  );
}

type Line = Report['totals'][number];

function extreme(lines: readonly Line[], metric: Metric, sign: number): Line | null {
  let found: Line | null = null;
  let most = Number.NEGATIVE_INFINITY;
  for (const line of lines) {
    const value = sign * (drawnOf(line, metric) ?? Number.NEGATIVE_INFINITY);
    if (value > most) [found, most] = [line, value];
  }
  return found;
}

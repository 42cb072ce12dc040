// The scale of a chart, nought always on it, and where the names of its lines stand at their ends.

/** In pixels, as the chart is drawn. */
export const HEIGHT = 220;
export const TOP = 8;
export const AXIS = 30;
export const NAMES_WIDTH = 160;

export interface Scale {
  least: number;
  most: number;
  ticks: number[];
}

const STEPS = 4;

/** Round steps; of figures that are whole, whole ones. */
export function scaleOf(values: readonly number[]): Scale {
  const [least, most] = [Math.min(0, ...values), Math.max(0, ...values)];
  if (least === most) return { least: 0, most: 1, ticks: [0, 1] };
  const step = roundStep((most - least) / STEPS, values.every(Number.isInteger));
  const [from, to] = [Math.floor(least / step), Math.ceil(most / step)];
  const ticks = Array.from({ length: to - from + 1 }, (_, i) => Number(((from + i) * step).toPrecision(12)));
  return { least: ticks[0]!, most: ticks.at(-1)!, ticks };
}

function roundStep(rough: number, isWhole: boolean): number {
  const size = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((one) => one * size).find((one) => one >= rough * 0.999)!;
  return isWhole ? Math.max(1, Math.ceil(step)) : step;
}

export interface Line {
  id: string;
  now: readonly (number | null)[];
}

const LINE_HEIGHT = 15;
const FARTHEST = 64;

/**
 * How far below its line's end each name stands, so that no two overlap; null where some do not fit: lines that do not end
 * together, or too many that end at one height.
 */
export function namesAtEnds(lines: readonly Line[], { least, most }: Scale): Map<string, number> | null {
  const height = HEIGHT - TOP - AXIS;
  const places = new Set(lines.map(({ now }) => now.findLastIndex((value) => value !== null)));
  if (places.size !== 1 || places.has(-1)) return null;
  const heightOf = (value: number): number => height * (1 - (value - least) / (most - least));
  const ends = lines
    .map(({ id, now }) => ({ id, at: heightOf(now.findLast((value) => value !== null) ?? 0) }))
    .toSorted((a, b) => a.at - b.at);
  // Each as near to its end as those around it let it be: a crowd stands around its middle.
  const crowds: { first: number; ends: typeof ends }[] = [];
  for (const end of ends) {
    let crowd = { first: end.at, ends: [end] };
    for (let above = crowds.at(-1); above !== undefined && overlaps(above, crowd); above = crowds.at(-1)) {
      crowds.pop();
      const all = [...above.ends, ...crowd.ends];
      const middle = all.reduce((sum, { at }) => sum + at, 0) / all.length;
      const most = height - (all.length - 1) * LINE_HEIGHT;
      crowd = { first: Math.min(Math.max(0, middle - ((all.length - 1) * LINE_HEIGHT) / 2), most), ends: all };
    }
    crowds.push(crowd);
  }
  const placed = crowds.flatMap(({ first, ends: own }) =>
    own.map(({ id, at }, i) => [id, first + i * LINE_HEIGHT - at] as const),
  );
  return placed.every(([, by]) => Math.abs(by) <= FARTHEST) ? new Map(placed) : null;
}

const overlaps = (above: { first: number; ends: readonly unknown[] }, below: { first: number }): boolean =>
  above.first + above.ends.length * LINE_HEIGHT > below.first;

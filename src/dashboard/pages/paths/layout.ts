// Where stops and ways stand: a column a level, as tall as they are heavy, in an order with few crossings.
import type { Flows } from './flows.ts';

export const BAR = 8;
const GAP = 8;
const LEAST_SLOT = 18;
const LABEL = 150;
const HEIGHT = 440;

export interface Stop {
  node: Flows['nodes'][number];
  x: number;
  y: number;
  height: number;
  slot: number;
}

export interface Ribbon {
  link: Flows['links'][number];
  path: string;
}

export interface Layout {
  stops: Stop[];
  ribbons: Ribbon[];
  columns: { level: string; x: number; width: number }[];
  height: number;
}

export function layoutOf({ nodes, links }: Flows, levels: readonly string[], width: number): Layout {
  const present = levels.filter((level) => nodes.some((node) => node.level === level));
  const step = present.length < 2 ? 0 : (width - LABEL) / (present.length - 1);
  const heaviest = Math.max(1e-9, ...present.map((level) => totalOf(nodes.filter((node) => node.level === level))));
  const scale = HEIGHT / heaviest;
  const stops = new Map<string, Stop>();
  present.forEach((level, column) => {
    let y = 0;
    for (const node of ordered(
      nodes.filter((one) => one.level === level),
      links,
      stops,
    )) {
      const height = Math.max(2, node.weight * scale);
      const slot = Math.max(LEAST_SLOT, height);
      stops.set(node.node, { node, x: column * step, y: y + (slot - height) / 2, height, slot });
      y += slot + GAP;
    }
  });
  const all = [...stops.values()];
  return {
    stops: all,
    ribbons: ribbonsOf(links, stops, scale),
    columns: present.map((level, column) => ({
      ...{ level, x: column * step },
      width: (column === present.length - 1 ? LABEL : step) - BAR - 12,
    })),
    height: Math.max(0, ...all.map(({ y, height, slot }) => y + height + (slot - height) / 2)),
  };
}

const totalOf = (nodes: readonly { weight: number }[]): number => nodes.reduce((sum, { weight }) => sum + weight, 0);

/** By the middle of where their ways come from; the first column by weight; what is left over last. */
function ordered(nodes: Flows['nodes'], links: Flows['links'], placed: ReadonlyMap<string, Stop>): Flows['nodes'] {
  const middle = (node: string): number => {
    const ways = links.filter(({ source, target }) => target === node && placed.has(source));
    const weight = totalOf(ways);
    if (weight === 0) return 0;
    const sum = ways.reduce((all, link) => {
      const { y, height } = placed.get(link.source)!;
      return all + link.weight * (y + height / 2);
    }, 0);
    return sum / weight;
  };
  const isRest = ({ key }: { key: string }): number => (key === 'other' ? 1 : 0);
  return nodes.toSorted(
    (a, b) =>
      isRest(a) - isRest(b) || middle(a.node) - middle(b.node) || b.weight - a.weight || (a.node < b.node ? -1 : 1),
  );
}

function ribbonsOf(links: Flows['links'], stops: ReadonlyMap<string, Stop>, scale: number): Ribbon[] {
  const out = new Map<string, number>();
  const into = new Map<string, number>();
  const drawn = links.filter(({ source, target }) => stops.has(source) && stops.has(target));
  const yOf = (node: string): number => stops.get(node)!.y;
  const take = (from: Map<string, number>, node: string, height: number): number => {
    const used = from.get(node) ?? 0;
    from.set(node, used + height);
    return yOf(node) + used;
  };
  const starts = new Map(
    drawn
      .toSorted((a, b) => yOf(a.target) - yOf(b.target))
      .map((link) => [link, take(out, link.source, link.weight * scale)]),
  );
  const ends = new Map(
    drawn
      .toSorted((a, b) => yOf(a.source) - yOf(b.source))
      .map((link) => [link, take(into, link.target, link.weight * scale)]),
  );
  return drawn.map((link) => {
    const [x0, x1] = [stops.get(link.source)!.x + BAR, stops.get(link.target)!.x];
    const [y0, y1] = [starts.get(link)!, ends.get(link)!];
    const height = Math.max(1, link.weight * scale);
    const middle = (x0 + x1) / 2;
    const path =
      `M${x0},${y0}C${middle},${y0} ${middle},${y1} ${x1},${y1}` +
      `V${y1 + height}C${middle},${y1 + height} ${middle},${y0 + height} ${x0},${y0 + height}Z`;
    return { link, path };
  });
}

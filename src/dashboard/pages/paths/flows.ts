// The ways as the diagram draws them: the largest stops of each level, the others as one, money of one currency.
import { add, subtract } from '../../../core/decimal.ts';
import type { PathMetric } from './search.ts';

export interface Numbers {
  clicks: number;
  conversions: number;
  revenue: string;
  cost: string;
}

export interface Node extends Numbers {
  node: string;
  level: string;
  key: string;
  id: string | null;
  /** Of an ad, the platform's. */
  externalId: string | null;
  label: string | null;
  currency: string;
}

export interface Link extends Numbers {
  source: string;
  target: string;
  currency: string;
}

export interface Flows {
  nodes: (Omit<Node, 'currency'> & { weight: number })[];
  links: (Omit<Link, 'currency'> & { weight: number })[];
}

const MOST_STOPS = 10;
const END = 'conversion:';

export const isOfMoney = (metric: PathMetric): boolean => metric === 'revenue' || metric === 'profit';
export const isEnd = (node: string): boolean => node.startsWith(END);
export const profitOf = ({ revenue, cost }: Numbers): string => subtract(revenue, cost);

/** How thick something is drawn. Profit may be negative: its ways are as thick as their clicks, and coloured. */
export function weightOf(numbers: Numbers, metric: PathMetric, isAtEnd: boolean): number {
  if (metric === 'revenue') return Math.max(0, Number(numbers.revenue));
  return metric === 'conversions' || isAtEnd ? numbers.conversions : numbers.clicks;
}

export function flowsOf(paths: { nodes: Node[]; links: Link[] }, metric: PathMetric, currency: string): Flows {
  const isWanted = (one: { currency: string }): boolean => !isOfMoney(metric) || one.currency === currency;
  const weighed = <T extends Link>(links: readonly T[]) =>
    links
      .map((link) => ({ ...link, weight: weightOf(link, metric, isEnd(link.target)) }))
      .filter(({ weight }) => weight > 0);
  const every = weighed(paths.links.filter(isWanted));
  const all = merged(paths.nodes.filter(isWanted), ({ node }) => node).map((node) => ({
    ...node,
    weight: heavier(node, metric, every),
  }));
  const kept = new Set(
    Object.values(Object.groupBy(all, ({ level }) => level)).flatMap((stops = []) =>
      stops
        .filter(({ key, weight }) => key !== 'other' && weight > 0)
        .toSorted((a, b) => b.weight - a.weight)
        .slice(0, MOST_STOPS)
        .map(({ node }) => node),
    ),
  );
  const nameOf = (node: string): string => (kept.has(node) ? node : `${node.slice(0, node.indexOf(':'))}:other`);
  const nodes = merged(
    all.map((node) =>
      kept.has(node.node)
        ? node
        : { ...node, node: nameOf(node.node), key: 'other', id: null, externalId: null, label: null },
    ),
    ({ node }) => node,
  );
  const ways = merged(
    paths.links.filter(isWanted).map((link) => ({ ...link, source: nameOf(link.source), target: nameOf(link.target) })),
    ({ source, target }) => `${source} ${target}`,
  );
  const links = weighed(ways);
  return {
    nodes: nodes.map((node) => ({ ...node, weight: heavier(node, metric, links) })).filter(({ weight }) => weight > 0),
    links,
  };
}

interface Way {
  source: string;
  target: string;
  weight: number;
}

/** Its own, or what passes it: of clicks that are not known a conversion is, so more may leave a stop than came to it. */
function heavier(node: Numbers & { node: string }, metric: PathMetric, ways: readonly Way[]): number {
  let [came, left] = [0, 0];
  for (const { source, target, weight } of ways) {
    if (target === node.node) came += weight;
    if (source === node.node) left += weight;
  }
  return Math.max(weightOf(node, metric, isEnd(node.node)), came, left);
}

function merged<T extends Numbers>(all: readonly T[], nameOf: (one: T) => string): T[] {
  const found = new Map<string, T>();
  for (const one of all) {
    const before = found.get(nameOf(one));
    found.set(nameOf(one), before === undefined ? one : { ...before, ...sumOf(before, one) });
  }
  return [...found.values()];
}

const sumOf = (a: Numbers, b: Numbers): Numbers => ({
  clicks: a.clicks + b.clicks,
  conversions: a.conversions + b.conversions,
  revenue: add(a.revenue, b.revenue),
  cost: add(a.cost, b.cost),
});

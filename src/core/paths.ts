// Ways from an ad to a conversion as nodes and links between levels, folded from rows that name a stop at each level or none.
import { add } from './decimal.ts';

/** A stop on the way: a key at its level, and how it is called. */
export interface Stop {
  level: string;
  key: string;
  label: string | null;
  /** Ours, where it is an entry of the catalog. */
  id: string | null;
  /** As the tracker or the ad platform calls it, where it is an entry of a catalog. */
  externalId: string | null;
}

export interface PathNumbers {
  clicks: number;
  conversions: number;
  revenue: string;
  cost: string;
}

export interface PathNode extends Stop, PathNumbers {
  node: string;
  currency: string;
}

export interface PathLink extends PathNumbers {
  source: string;
  target: string;
  currency: string;
}

export const nodeOf = ({ level, key }: Pick<Stop, 'level' | 'key'>): string => `${level}:${key}`;

const NOTHING: PathNumbers = { clicks: 0, conversions: 0, revenue: '0', cost: '0' };

const plus = (a: PathNumbers, b: PathNumbers): PathNumbers => ({
  clicks: a.clicks + b.clicks,
  conversions: a.conversions + b.conversions,
  revenue: add(a.revenue, b.revenue),
  cost: add(a.cost, b.cost),
});

/** Gathers ways; each stop and each step between two neighbouring stops has the sum of the ways that take it. */
export function gatherPaths() {
  const nodes = new Map<string, PathNode>();
  const links = new Map<string, PathLink>();
  const addNode = (stop: Stop, currency: string, numbers: PathNumbers): void => {
    const node = nodeOf(stop);
    const key = `${node} ${currency}`;
    const before = nodes.get(key) ?? { ...stop, node, currency, ...NOTHING };
    nodes.set(key, { ...before, ...plus(before, numbers) });
  };
  const addLink = (from: Stop, to: Stop, currency: string, numbers: PathNumbers): void => {
    const [source, target] = [nodeOf(from), nodeOf(to)];
    const key = `${source} ${target} ${currency}`;
    const before = links.get(key) ?? { source, target, currency, ...NOTHING };
    links.set(key, { ...before, ...plus(before, numbers) });
  };
  return {
    /** A way through these stops. */
    through(stops: readonly Stop[], currency: string, numbers: PathNumbers): void {
      stops.forEach((stop, i) => {
        addNode(stop, currency, numbers);
        const before = stops[i - 1];
        if (before !== undefined) addLink(before, stop, currency, numbers);
      });
    },
    /** What became of those who came to a stop: its own numbers stay. */
    onward(from: Stop | undefined, to: Stop, currency: string, numbers: PathNumbers): void {
      addNode(to, currency, numbers);
      if (from !== undefined) addLink(from, to, currency, numbers);
    },
    nodes: (): PathNode[] => [...nodes.values()],
    links: (): PathLink[] => [...links.values()],
  };
}

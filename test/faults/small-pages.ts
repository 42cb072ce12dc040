// A tracker whose pages are short, so that a small ledger has windows of many: the declaration as it is, but for the limits of its logs.
import type { Adapter } from '../../src/adapters/adapter.ts';

const ROWS = 60;

type Logs = Adapter['logs'];

function shorter(logs: Logs): Logs {
  const changed = Object.entries(logs).map(([name, source]) => {
    const { paging } = source;
    if (paging.style === 'whole') return [name, source];
    const least = 'leastLimit' in paging ? { leastLimit: Math.min(ROWS, paging.leastLimit ?? ROWS) } : {};
    return [name, { ...source, paging: { ...paging, limit: ROWS, ...least } }];
  });
  return Object.fromEntries(changed) as Logs;
}

export function withSmallPages(adapter: Adapter): Adapter {
  const { withSettings } = adapter;
  const small = { ...adapter, logs: shorter(adapter.logs) };
  if (withSettings === undefined) return small;
  return {
    ...small,
    withSettings(settings) {
      const made = withSettings(settings);
      return { ...made, logs: shorter(made.logs ?? adapter.logs) };
    },
  };
}

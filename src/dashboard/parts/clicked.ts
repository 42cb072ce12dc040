// Whose clicks a report counts: at most three trackers, the busiest first, each with its lines.
import { useQuery } from '@tanstack/react-query';
import type { Range } from '../app/range.ts';
import { askOf, type ReportSearch } from '../app/report-search.ts';
import { reportQuery } from '../app/reports.ts';
import { trackersQuery } from '../app/trackers.ts';

export interface Asked {
  search: ReportSearch;
  range: Range;
}

const MOST = 3;

export function useClicked({ search, range }: Asked) {
  const { data } = useQuery(reportQuery({ ...askOf(search, range), groupBy: 'config', sort: '-clicks', top: '100' }));
  const { data: trackers = [] } = useQuery(trackersQuery);
  const lines = Map.groupBy(data?.rows ?? [], ({ keys: { config } }) =>
    typeof config === 'object' ? config?.id : undefined,
  );
  const found = [...lines].flatMap(([id, own]) => {
    const tracker = trackers.find((one) => one.id === id);
    return tracker === undefined ? [] : [{ tracker, lines: own }];
  });
  return found.slice(0, MOST);
}

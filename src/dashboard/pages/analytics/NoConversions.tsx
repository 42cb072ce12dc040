// Clicks without a conversion have a reason that can be mended, mostly among the mappings.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { isAd } from '../../app/dimensions.ts';
import { count } from '../../app/format.ts';
import type { Range } from '../../app/range.ts';
import { askOf } from '../../app/report-search.ts';
import { type Report, reportQuery } from '../../app/reports.ts';
import { type Tracker, trackersQuery } from '../../app/trackers.ts';
import { Notice } from '../../parts/Notice.tsx';
import { type AnalyticsSearch, groupsOf } from './search.ts';

interface Props {
  search: AnalyticsSearch;
  range: Range;
  report: Report;
}

const sum = (lines: Report['totals'], name: 'clicks' | 'conversions' | 'rejected'): number =>
  lines.reduce((all, line) => all + (line[name] ?? 0), 0);

export function NoConversions({ search, range, report }: Props) {
  const isWithout = sum(report.totals, 'conversions') === 0 && sum(report.totals, 'clicks') > 0;
  const ad = groupsOf(search).find(isAd);
  const hasNoAd = ad !== undefined && report.rows.length > 0 && report.rows.every(({ keys }) => !keys[ad as 'ad']);
  const { data } = useQuery({
    ...reportQuery({ ...askOf(search, range), groupBy: 'config', top: '100' }),
    enabled: isWithout || hasNoAd,
  });
  const { data: trackers = [] } = useQuery(trackersQuery);
  if (!isWithout && !hasNoAd) return null;
  const found = trackers.flatMap((tracker) => {
    const lines = (data?.rows ?? []).filter(
      ({ keys: { config } }) => typeof config === 'object' && config?.id === tracker.id,
    );
    return lines.length === 0 ? [] : [{ tracker, lines }];
  });
  return found.slice(0, 3).map(({ tracker, lines }) => (
    <Notice
      key={tracker.id}
      tone="info"
      title={
        hasNoAd && !isWithout
          ? `No click of ${tracker.name} leads to an ad.`
          : `${tracker.name} has clicks, but no conversions here.`
      }
    >
      {hasNoAd && !isWithout ? 'Say which sub-id carries the ad.' : reasonOf(tracker, lines)}{' '}
      <Link to="/trackers/$configId/mappings" params={{ configId: tracker.id }}>
        Look at its mappings
      </Link>
    </Notice>
  ));
}

function reasonOf({ resources }: Tracker, lines: Report['rows']): string {
  const log = resources.conversions;
  if (log?.state === 'unavailable')
    return `Its conversions cannot be read: ${log.reason ?? 'the tracker refuses them'}.`;
  const rejected = sum(lines, 'rejected');
  if (rejected > 0) return `${count(rejected)} came in, and what the tracker calls them counts as rejected.`;
  return 'None came in for this range. If the tracker shows some, its status words or the time that counts may be the reason.';
}

// Clicks without a conversion have a reason that can be mended, mostly among the mappings.
import { Link } from '@tanstack/react-router';
import { count } from '../app/format.ts';
import type { Report } from '../app/reports.ts';
import type { Tracker } from '../app/trackers.ts';
import { type Asked, useClicked } from './clicked.ts';
import { Notice } from './Notice.tsx';

export const NoConversions = (asked: Asked) =>
  useClicked(asked).map(({ tracker, lines }) => (
    <Notice key={tracker.id} tone="info" title={`${tracker.name} has clicks, but no conversions here.`}>
      {reasonOf(tracker, lines)}{' '}
      <Link to="/trackers/$configId/mappings" params={{ configId: tracker.id }}>
        Look at its mappings
      </Link>
    </Notice>
  ));

function reasonOf({ resources }: Tracker, lines: Report['rows']): string {
  const log = resources.conversions;
  if (log?.state === 'unavailable')
    return `Its conversions cannot be read: ${log.reason ?? 'the tracker refuses them'}.`;
  const rejected = lines.reduce((all, line) => all + line.rejected, 0);
  if (rejected > 0) return `${count(rejected)} came in, and what the tracker calls them counts as rejected.`;
  return 'None came in for this range. If the tracker shows some, its status words or the time that counts may be the reason.';
}

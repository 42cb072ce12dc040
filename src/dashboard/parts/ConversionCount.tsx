// How many conversions; of none the reason on hover, and the way to where it can be mended.
import { Tooltip } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { count } from '../app/format.ts';
import { type Tracker, whyUnread } from '../app/trackers.ts';
import css from './parts.module.css';

export function ConversionCount({ tracker, value }: { tracker: Tracker; value: number | null | undefined }) {
  if (value !== 0) return <>{count(value)}</>;
  return (
    <Tooltip label={reasonOf(tracker)} multiline maw={320}>
      <Link
        to="/trackers/$configId/mappings"
        params={{ configId: tracker.id }}
        className={css.unmapped}
        onClick={(event) => event.stopPropagation()}
      >
        0
      </Link>
    </Tooltip>
  );
}

function reasonOf(tracker: Tracker): string {
  const { resources, lastSyncedAt } = tracker;
  const log = resources.conversions;
  if (log?.state === 'unavailable')
    return `Its conversions cannot be read: ${log.reason ?? 'the tracker refuses them'}.`;
  const why = whyUnread(tracker);
  if (lastSyncedAt === null) return `${why.slice(0, 1).toUpperCase()}${why.slice(1)}.`;
  return 'None came in. If the tracker shows some, see among its mappings what its words count as.';
}

// No conversion at all: what may be the reason, tracker by tracker, and where to mend it.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { unmappedQuery } from '../../app/mappings.ts';
import { trackersQuery, whyUnread } from '../../app/trackers.ts';
import { EmptyState } from '../../parts/EmptyState.tsx';
import { UnmappedLink } from '../../parts/UnmappedLink.tsx';
import css from './Conversions.module.css';

export function WhyNone({ configId, isNarrowed }: { configId: string | undefined; isNarrowed: boolean }) {
  const { data: trackers = [] } = useQuery(trackersQuery);
  const { data: unmapped = [] } = useQuery(unmappedQuery);
  const reasons = trackers
    .filter(({ id }) => configId === undefined || id === configId)
    .flatMap((tracker) => {
      const { id, name, lastSyncedAt, resources } = tracker;
      const words = unmapped.find((one) => one.configId === id)?.rawStatuses ?? [];
      const log = resources.conversions;
      if (log?.state === 'unavailable') return [{ id, name, what: <>{log.reason ?? 'gives no conversions'}</> }];
      if (lastSyncedAt === null) return [{ id, name, what: <>{whyUnread(tracker)}</> }];
      // They are there, and count as pending.
      return isNarrowed && words.length > 0 ? [{ id, name, what: <UnmappedLink configId={id} words={words} /> }] : [];
    });
  return (
    <EmptyState title={isNarrowed ? 'No conversion fits' : 'No conversion came in these days'}>
      <p>{isNarrowed ? 'Choose more days, or take a filter away.' : 'Choose more days.'}</p>
      {reasons.length > 0 && (
        <ul className={css.reasons}>
          {reasons.map(({ id, name, what }) => (
            <li key={id}>
              <Link to="/trackers/$configId" params={{ configId: id }}>
                {name}
              </Link>
              : {what}
            </li>
          ))}
        </ul>
      )}
    </EmptyState>
  );
}

// One tracker: what it is doing, how much is in, whether it is right, and what may be told to it.
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Refused } from '../../app/client.ts';
import { hostOf } from '../../app/format.ts';
import { unmappedQuery } from '../../app/mappings.ts';
import { isSyncing, progressQuery, trackerQuery, typesQuery } from '../../app/trackers.ts';
import { EmptyState } from '../../parts/EmptyState.tsx';
import { Mark } from '../../parts/Mark.tsx';
import { PageHead } from '../../parts/PageHead.tsx';
import { Pending } from '../../parts/Pending.tsx';
import { StateBadge } from '../../parts/StateBadge.tsx';
import { UnmappedLink } from '../../parts/UnmappedLink.tsx';
import { Calls } from './Calls.tsx';
import { Deeds } from './Deeds.tsx';
import { Numbers } from './Numbers.tsx';
import { Progress } from './Progress.tsx';
import { Resources } from './Resources.tsx';
import { Runs } from './Runs.tsx';
import { Throughput } from './Throughput.tsx';
import css from './Tracker.module.css';
import { Trouble } from './Trouble.tsx';

const route = getRouteApi('/trackers/$configId');

export function TrackerPage() {
  const { configId } = route.useParams();
  const { data: tracker, error } = useQuery({ ...trackerQuery(configId), placeholderData: undefined });
  const { data: types = [] } = useQuery(typesQuery);
  const isBusy = tracker !== undefined && isSyncing(tracker);
  const { data: progress } = useQuery({ ...progressQuery(configId, isBusy), enabled: isBusy });
  const { data: unmapped = [] } = useQuery(unmappedQuery);

  if (error instanceof Refused && error.status === 404) {
    return (
      <EmptyState title="This tracker is not here">
        <p>It was deleted, or it belongs to another organisation.</p>
        <Link to="/trackers">Go to the trackers</Link>
      </EmptyState>
    );
  }
  if (tracker === undefined) {
    return <Pending error={error} lines={8} height={48} />;
  }
  const type = types.find((one) => one.type === tracker.type);
  return (
    <>
      <nav className={css.trail} aria-label="You are here">
        <Link to="/trackers">Trackers</Link>
      </nav>
      <PageHead
        title={tracker.name}
        before={
          <span className={css.mark}>
            <Mark letters={type?.mark.letters ?? ''} />
          </span>
        }
        beside={<StateBadge tracker={tracker} percent={progress?.percent ?? null} />}
      >
        <Deeds key={configId} tracker={tracker} />
      </PageHead>
      <p className={css.place}>
        {type?.title ?? tracker.type} · {hostOf(tracker.url)} ·{' '}
        <Link to="/trackers/$configId/mappings" params={{ configId }}>
          Mappings
        </Link>{' '}
        <UnmappedLink
          configId={configId}
          words={unmapped.find((one) => one.configId === configId)?.rawStatuses ?? []}
        />
      </p>
      <Trouble key={configId} tracker={tracker} />
      <Progress tracker={tracker} />
      <div className={css.halves}>
        <Resources tracker={tracker} notes={type?.resources ?? {}} />
        <Numbers configId={configId} />
      </div>
      <Throughput configId={configId} />
      <Runs tracker={tracker} />
      <Calls configId={configId} />
    </>
  );
}

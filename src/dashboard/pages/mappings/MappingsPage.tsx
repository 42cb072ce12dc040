// What a tracker's words mean here: what is unknown first, then all of it, and what was changed.
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Refused } from '../../app/client.ts';
import { mappingsQuery } from '../../app/mappings.ts';
import { useMay } from '../../app/me.ts';
import { trackerQuery } from '../../app/trackers.ts';
import { EmptyState } from '../../parts/EmptyState.tsx';
import { Notice } from '../../parts/Notice.tsx';
import { PageHead } from '../../parts/PageHead.tsx';
import { Unsaved } from '../../parts/Unsaved.tsx';
import { Waiting } from '../../parts/Waiting.tsx';
import trail from '../tracker/Tracker.module.css';
import { Campaigns } from './Campaigns.tsx';
import { NOTHING, sizeOf, wordsOf } from './draft.ts';
import { Inbox } from './Inbox.tsx';
import { Past } from './Past.tsx';
import { Review } from './Review.tsx';
import { Statuses } from './Statuses.tsx';
import { SubIds } from './SubIds.tsx';

const route = getRouteApi('/trackers/$configId/mappings');

export function MappingsPage() {
  const { configId } = route.useParams();
  const { q = '', shown = 'all' } = route.useSearch();
  const navigate = route.useNavigate();
  const may = useMay();
  const [draft, setDraft] = useState(NOTHING);
  const { data: tracker } = useQuery({ ...trackerQuery(configId), placeholderData: undefined });
  const { data: mappings, error } = useQuery(mappingsQuery(configId));

  if (error instanceof Refused && error.status === 404) {
    return (
      <EmptyState title="This tracker is not here">
        <p>It was deleted, or it belongs to another organisation.</p>
        <Link to="/trackers">Go to the trackers</Link>
      </EmptyState>
    );
  }
  const mayChange = may('PUT /api/v1/trackers/:configId/mappings/statuses');
  const words = wordsOf(mappings?.statuses ?? []);
  const parts = { configId, draft, mayChange, onDraft: setDraft };
  return (
    <>
      <nav className={trail.trail} aria-label="You are here">
        <Link to="/trackers">Trackers</Link>
        {tracker !== undefined && (
          <>
            {' / '}
            <Link to="/trackers/$configId" params={{ configId }}>
              {tracker.name}
            </Link>
          </>
        )}
      </nav>
      <PageHead title="Mappings" />
      {mappings === undefined ? (
        error === null ? (
          <Waiting lines={8} height={48} />
        ) : (
          <Notice tone="bad" title={error.message} />
        )
      ) : (
        <>
          <Inbox words={words.filter(({ meaning }) => meaning === null)} {...parts} />
          <Statuses words={words} {...parts} />
          <SubIds subIds={mappings.subIds} {...parts} />
          <Past
            configId={configId}
            mappings={mappings}
            mayUndo={may('POST /api/v1/trackers/:configId/mappings/undo')}
          />
          <Campaigns
            {...{ q, shown, ...parts }}
            pairs={mappings.campaigns}
            onFilter={(filter) => navigate({ search: (now) => ({ ...now, ...filter }), replace: true })}
          />
          {mayChange && <Review configId={configId} draft={draft} onDraft={setDraft} />}
        </>
      )}
      <Unsaved
        isUnsaved={sizeOf(draft) > 0}
        words="What you chose here is not taken yet, and is lost."
        onLeave={() => setDraft(NOTHING)}
        isLost={({ pathname }) => pathname !== `/trackers/${configId}/mappings`}
      />
    </>
  );
}

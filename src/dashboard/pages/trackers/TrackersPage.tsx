// The connected trackers: is it all here, and is it right? Attention first.
import { Button, Code, Select } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { unmappedQuery } from '../../app/mappings.ts';
import { useMay } from '../../app/me.ts';
import { daysQuery, percentQuery, type Tracker, todayQuery, trackersQuery, typesQuery } from '../../app/trackers.ts';
import { useTyped } from '../../app/typed.ts';
import { EmptyState } from '../../parts/EmptyState.tsx';
import { Notice } from '../../parts/Notice.tsx';
import { PageHead } from '../../parts/PageHead.tsx';
import { SearchInput } from '../../parts/SearchInput.tsx';
import { Table } from '../../parts/Table.tsx';
import { Waiting } from '../../parts/Waiting.tsx';
import { columnsOf, type Line } from './columns.tsx';
import css from './Trackers.module.css';

const Connect = lazy(() => import('../connect/Connect.tsx').then(({ Connect }) => ({ default: Connect })));
const route = getRouteApi('/trackers');

const STATES = [
  { value: 'needs_attention', label: 'Needs attention' },
  { value: 'syncing', label: 'Syncing' },
  { value: 'synced', label: 'Synced' },
  { value: 'paused', label: 'Paused' },
];
const STRIP_DAYS = 14;
/** The list is at hand: nobody need be asked for it. */
const QUICK_MS = 100;
/** What a row's menu offers. */
const MENU = [
  'POST /api/v1/trackers/:configId/sync',
  'POST /api/v1/trackers/:configId/pause',
  'POST /api/v1/trackers/:configId/test',
] as const;

export function TrackersPage() {
  const { q = '', state, connect } = route.useSearch();
  const navigate = route.useNavigate();
  const may = useMay();
  const isPhone = useMediaQuery('(max-width: 639px)');
  const [typed, type] = useTyped(
    q,
    (value) => navigate({ search: (now) => ({ ...now, q: value }), replace: true }),
    QUICK_MS,
  );
  const trackers = useQuery(trackersQuery);
  const { data: types = [] } = useQuery(typesQuery);
  const { data: today } = useQuery(todayQuery);
  const { data: days = [] } = useQuery(daysQuery(STRIP_DAYS));
  const { data: percents = {} } = useQuery(percentQuery);
  const { data: unmapped = [] } = useQuery(unmappedQuery);

  const all = trackers.data;
  const lines = (all ?? [])
    .filter((tracker) => isWanted(tracker, q, state))
    .sort(attentionFirst)
    .map((tracker): Line => {
      const ofConfig = (row: { keys: { config?: unknown } }) =>
        (row.keys.config as { id: string } | undefined)?.id === tracker.id;
      return {
        tracker,
        letters: types.find(({ type }) => type === tracker.type)?.mark.letters ?? '',
        title: types.find(({ type }) => type === tracker.type)?.title ?? tracker.type,
        percent: percents[tracker.id] ?? null,
        unmapped: unmapped.find(({ configId }) => configId === tracker.id)?.rawStatuses ?? [],
        days: days.find(({ configId }) => configId === tracker.id)?.days ?? [],
        now: today?.now.rows.filter(ofConfig) ?? null,
        known: today?.known?.rows.filter(ofConfig) ?? null,
        before: today?.before?.rows.filter(ofConfig) ?? null,
      };
    });
  const mayConnect = may('POST /api/v1/trackers');
  const open = () => navigate({ search: (now) => ({ ...now, connect: 'new' }) });
  const isEmpty = all !== undefined && all.length === 0;

  return (
    <>
      <PageHead title="Trackers">
        {mayConnect && !isEmpty && (
          <Button leftSection={<Plus size={16} />} onClick={open}>
            Connect tracker
          </Button>
        )}
      </PageHead>
      {trackers.error !== null && all === undefined && <Notice tone="bad" title={trackers.error.message} />}
      {isEmpty ? (
        <EmptyState title="No tracker is connected yet">
          <p>
            Connect yours with its API key. Its last 30 days come in newest first, then it is kept current and compared
            with the tracker’s own totals.
          </p>
          <p>
            To look around first, start the hub with <Code>npm run demo</Code>: simulated trackers are connected for
            you.
          </p>
          {mayConnect && (
            <Button leftSection={<Plus size={16} />} onClick={open}>
              Connect tracker
            </Button>
          )}
        </EmptyState>
      ) : (
        <>
          <div className={css.filters}>
            <SearchInput
              label="Search trackers"
              placeholder="Search by name or address"
              className={css.search}
              value={typed}
              onChange={type}
            />
            <Select
              aria-label="Filter by state"
              placeholder="Any state"
              clearable
              className={css.state}
              data={STATES}
              value={state ?? null}
              onChange={(value) =>
                navigate({ search: (now) => ({ ...now, state: value ?? undefined }), replace: true })
              }
            />
          </div>
          {all === undefined && trackers.error === null ? (
            <Waiting lines={6} height={56} />
          ) : lines.length === 0 ? (
            <p className={css.none}>No tracker fits. Change the search or the filter.</p>
          ) : (
            <Table
              label="Connected trackers"
              columns={columnsOf(MENU.some((call) => may(call)))}
              rows={lines}
              // On a phone state and unmapped words stand beneath the name.
              rowHeight={isPhone ? 72 : 56}
              idOf={({ tracker }) => tracker.id}
              onOpen={({ tracker }) => navigate({ to: '/trackers/$configId', params: { configId: tracker.id } })}
            />
          )}
        </>
      )}
      {mayConnect && (
        <Suspense>
          <Connect
            chosen={connect}
            onClose={() => navigate({ search: (now) => ({ ...now, connect: undefined }) })}
            onChoose={(type) => navigate({ search: (now) => ({ ...now, connect: type }), replace: true })}
            onSaved={(configId) => navigate({ to: '/trackers/$configId', params: { configId }, ignoreBlocker: true })}
          />
        </Suspense>
      )}
    </>
  );
}

function isWanted(tracker: Tracker, q: string, state: string | undefined): boolean {
  const words = `${tracker.name} ${tracker.url} ${tracker.type}`.toLowerCase();
  const shown = tracker.state === 'pending' ? 'syncing' : tracker.state === 'pausing' ? 'paused' : tracker.state;
  return words.includes(q.trim().toLowerCase()) && (state === undefined || shown === state);
}

function attentionFirst(one: Tracker, other: Tracker): number {
  const rank = ({ state, isStale }: Tracker): number =>
    state === 'needs_attention' ? 0 : state === 'synced' && isStale ? 1 : 2;
  return rank(one) - rank(other) || one.name.localeCompare(other.name);
}

// What the hub stands on, what waits, and which versions are at work.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { answered, api } from '../../app/client.ts';
import { Notice } from '../../parts/Notice.tsx';
import { PageHead } from '../../parts/PageHead.tsx';
import { RelativeTime } from '../../parts/RelativeTime.tsx';
import { Section } from '../../parts/Section.tsx';
import { type Column, Table } from '../../parts/Table.tsx';
import { Waiting } from '../../parts/Waiting.tsx';
import { Facts, Health } from './Facts.tsx';

type System = Awaited<ReturnType<typeof readSystem>>;
type Late = System['backlog']['late'][number];

const readSystem = () => answered(api.system.$get());

const LATE: Column<Late>[] = [
  {
    ...{ key: 'name', title: 'Tracker' },
    cell: ({ configId, name }) => (
      <Link to="/trackers/$configId" params={{ configId }}>
        {name}
      </Link>
    ),
  },
  { key: 'due', title: 'Was due', width: 140, isNumber: true, cell: ({ dueAt }) => <RelativeTime at={dueAt} /> },
];
const STATE_NAMES: Readonly<Record<string, string>> = {
  pending: 'Waiting for their first sync',
  syncing: 'In their first sync',
  synced: 'Synced',
  pausing: 'Pausing',
  paused: 'Paused',
  needs_attention: 'Need attention',
  deleting: 'Being deleted',
};

export function SystemPage() {
  const { data, error } = useQuery({ queryKey: ['system'], queryFn: readSystem, refetchInterval: 5_000 });
  return (
    <>
      <PageHead title="System" />
      {error !== null && <Notice tone="bad" title={error.message} />}
      {data === undefined ? error === null && <Waiting lines={12} /> : <Told system={data} />}
    </>
  );
}

function Told({ system: { database, temporal, workers, backlog, versions } }: { system: System }) {
  return (
    <>
      <Health
        parts={[
          {
            name: 'Database',
            ...database,
            said: database.latencyMs === null ? null : `answers in ${database.latencyMs} ms`,
          },
          { name: 'Temporal', ...temporal, said: 'reachable', link: temporal.uiUrl },
          { name: 'Workers', ...workers, said: workers.detail },
        ]}
      />
      <Section title="Trackers">
        <Facts
          facts={[
            ...Object.entries(backlog.states).map(([state, number]) => [STATE_NAMES[state] ?? state, number] as const),
            ['Synced, but stale', backlog.stale] as const,
          ]}
        />
      </Section>
      <Section title="Backlog">
        <Facts
          facts={[
            ['Runs at work', backlog.runs.running],
            ['Runs waiting', backlog.runs.queued],
            ['Windows being read', backlog.windows.running],
            ['Windows to read', backlog.windows.planned],
            ['Hours whose sums are to be made anew', backlog.marks.hours],
          ]}
        />
        {backlog.marks.oldestHour !== null && (
          <p>
            Reports read the logs themselves for those hours, the oldest of which began{' '}
            <RelativeTime at={backlog.marks.oldestHour} />.
          </p>
        )}
      </Section>
      <Section title="Late">
        {backlog.late.length === 0 ? (
          <p>Every tracker is read in its time.</p>
        ) : (
          <Table label="Late trackers" columns={LATE} rows={backlog.late} idOf={({ configId }) => configId} />
        )}
      </Section>
      <Section title="Versions">
        <Facts
          facts={[
            ['Tracker Hub', versions.hub],
            ['Node.js', versions.node],
            ['PostgreSQL', versions.postgres ?? '–'],
            ['Latest migration', versions.migration ?? '–'],
          ].map(([name, said]) => [name!, said!] as const)}
        />
      </Section>
    </>
  );
}

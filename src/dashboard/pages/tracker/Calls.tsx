// The latest calls to this tracker, for admins; all of them are in the audit log.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMay } from '../../app/me.ts';
import { readCalls } from '../../app/trackers.ts';
import { CALL_COLUMNS } from '../../parts/calls.tsx';
import { Pending } from '../../parts/Pending.tsx';
import { Section } from '../../parts/Section.tsx';
import { Table } from '../../parts/Table.tsx';
import css from './Tracker.module.css';

export function Calls({ configId }: { configId: string }) {
  const may = useMay();
  const isAllowed = may('GET /api/v1/trackers/:configId/requests');
  const { data: calls, error } = useQuery({
    queryKey: ['tracker', configId, 'calls'],
    queryFn: () => readCalls(configId),
    refetchInterval: 10_000,
    enabled: isAllowed,
  });
  if (!isAllowed) return null;
  return (
    <Section
      title="Calls to the tracker"
      aside={
        <Link to="/audit-log" search={{ source: 'tracker', configId }}>
          All of them
        </Link>
      }
    >
      {calls === undefined ? (
        <Pending error={error} lines={5} />
      ) : calls.items.length === 0 ? (
        <p className={css.muted}>It was not called yet.</p>
      ) : (
        <Table label="Calls to the tracker" columns={CALL_COLUMNS} rows={calls.items} idOf={({ id }) => id} />
      )}
    </Section>
  );
}

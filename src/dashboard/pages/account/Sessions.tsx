// Where one is signed in; each place can be signed out from here.
import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { shortAddress } from '../../app/addresses.ts';
import { answered, api } from '../../app/client.ts';
import { Pending } from '../../parts/Pending.tsx';
import { RelativeTime } from '../../parts/RelativeTime.tsx';
import { Section } from '../../parts/Section.tsx';
import { type Column, Table } from '../../parts/Table.tsx';
import css from './Account.module.css';
import { deviceOf } from './device.ts';

type Session = Awaited<ReturnType<typeof readSessions>>['items'][number];
const readSessions = () => answered(api.auth.sessions.$get());

export function Sessions() {
  const queries = useQueryClient();
  const { data, error } = useQuery({ queryKey: ['sessions'], queryFn: readSessions });
  const end = useMutation({
    mutationFn: (id: string | null) =>
      answered(id === null ? api.auth.sessions.$delete() : api.auth.sessions[':id'].$delete({ param: { id } })),
    onSuccess: ({ ended }) =>
      notifications.show({ title: 'Sessions', message: ended === 1 ? 'One ended.' : `${ended} ended.` }),
    onError: ({ message }) => notifications.show({ title: 'Sessions', message, color: 'red' }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['sessions'] }),
  });
  const columns: Column<Session>[] = [
    {
      ...{ key: 'device', title: 'Where' },
      cell: ({ userAgent, isCurrent }) => (
        <>
          {deviceOf(userAgent)} {isCurrent && <span className={css.quiet}>this one</span>}
        </>
      ),
    },
    { key: 'ip', title: 'From', width: 180, from: 640, cell: ({ ip }) => (ip === null ? '–' : shortAddress(ip)) },
    {
      ...{ key: 'used', title: 'Last used', width: 110, isNumber: true },
      cell: ({ updatedAt }) => <RelativeTime at={updatedAt} />,
    },
    {
      ...{ key: 'end', title: '', width: 72, isNumber: true },
      cell: ({ id, isCurrent, userAgent }) =>
        !isCurrent && (
          <Button
            size="compact-xs"
            variant="default"
            aria-label={`End the session on ${deviceOf(userAgent)}`}
            onClick={() => end.mutate(id)}
          >
            End
          </Button>
        ),
    },
  ];
  const others = (data?.items ?? []).filter(({ isCurrent }) => !isCurrent).length;
  return (
    <Section
      title="Where you are signed in"
      aside={
        others > 0 && (
          <Button size="compact-xs" variant="default" loading={end.isPending} onClick={() => end.mutate(null)}>
            End all others
          </Button>
        )
      }
    >
      {data === undefined ? (
        <Pending error={error} lines={2} />
      ) : (
        <Table label="Sessions" columns={columns} rows={data.items} idOf={({ id }) => id} />
      )}
    </Section>
  );
}

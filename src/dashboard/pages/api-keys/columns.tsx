// A key's row: name and end of the key, role, use, end, and its revocation.
import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answered, api } from '../../app/client.ts';
import { type Me, useMay } from '../../app/me.ts';
import type { ApiKey } from '../../app/people.ts';
import { roleName, rolesUpTo } from '../../app/roles.ts';
import { Ask } from '../../parts/Ask.tsx';
import { RelativeTime } from '../../parts/RelativeTime.tsx';
import type { Column } from '../../parts/Table.tsx';
import css from '../team/Team.module.css';

export const columnsOf = (me: Me | undefined): Column<ApiKey>[] => [
  {
    ...{ key: 'name', title: 'Name' },
    cell: ({ name, hint }) => (
      <>
        <div className={css.name}>{name}</div>
        <div className={css.quiet}>{hint}</div>
      </>
    ),
  },
  { key: 'role', title: 'Role', width: 120, from: 640, cell: ({ role }) => roleName(role) },
  { key: 'by', title: 'Made by', width: 180, from: 1200, cell: ({ madeBy }) => madeBy ?? '–' },
  {
    ...{ key: 'made', title: 'Made', width: 100, isNumber: true, from: 900 },
    cell: ({ createdAt }) => <RelativeTime at={createdAt} />,
  },
  {
    ...{ key: 'used', title: 'Last used', width: 100, isNumber: true },
    cell: ({ lastUsedAt }) => <RelativeTime at={lastUsedAt} />,
  },
  {
    ...{ key: 'ends', title: 'Ends', width: 110, isNumber: true, from: 640 },
    cell: ({ expiresAt, revokedAt }) =>
      revokedAt === null ? (
        expiresAt === null ? (
          'never'
        ) : (
          <RelativeTime at={expiresAt} />
        )
      ) : (
        <span className={css.quiet}>revoked</span>
      ),
  },
  { key: 'revoke', title: '', width: 88, isNumber: true, cell: (key) => <Revoke me={me} apiKey={key} /> },
];

function Revoke({ me, apiKey: { id, name, role, revokedAt } }: { me: Me | undefined; apiKey: ApiKey }) {
  const may = useMay();
  const queries = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const revoke = useMutation({
    mutationFn: () => answered(api['api-keys'][':id'].$delete({ param: { id } })),
    onSuccess: async () => {
      setOpen(false);
      notifications.show({ title: name, message: 'Revoked. It opens nothing any more.' });
      await queries.invalidateQueries({ queryKey: ['api-keys'] });
    },
  });
  const isBelow = me?.role === 'super_admin' || rolesUpTo(me?.role).some(({ value }) => value === role);
  if (revokedAt !== null || !isBelow || !may('DELETE /api/v1/api-keys/:id')) return null;
  return (
    <>
      <Button size="compact-xs" variant="default" aria-label={`Revoke ${name}`} onClick={() => setOpen(true)}>
        Revoke
      </Button>
      <Ask
        isOpen={isOpen}
        title={`Revoke ${name}?`}
        deed="Revoke"
        isBusy={revoke.isPending}
        error={revoke.error}
        onYes={() => revoke.mutate()}
        onNo={() => setOpen(false)}
      >
        What signs in with this key is refused from now on. A revoked key cannot be made good again.
      </Ask>
    </>
  );
}

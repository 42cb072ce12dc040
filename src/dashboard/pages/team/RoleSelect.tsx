// A person's role, changed in place by who may.
import { Select } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answered, api } from '../../app/client.ts';
import { type Me, useMay } from '../../app/me.ts';
import type { User } from '../../app/people.ts';
import { isBelow, ROLES, type Role, roleName, rolesUpTo } from '../../app/roles.ts';
import { Ask } from '../../parts/Ask.tsx';

type GivenRole = Exclude<Role, 'super_admin'>;

export function RoleSelect({ me, user }: { me: Me | undefined; user: User }) {
  const may = useMay();
  const queries = useQueryClient();
  /** Asked about first: it takes something away. */
  const [lower, setLower] = useState<GivenRole | null>(null);
  const change = useMutation({
    mutationFn: (role: GivenRole) => answered(api.users[':id'].$patch({ param: { id: user.id }, json: { role } })),
    onSuccess: ({ name, role }) => {
      setLower(null);
      notifications.show({ title: name, message: `Is ${roleName(role)} now.` });
    },
    onError: ({ message }) => lower === null && notifications.show({ title: user.name, message, color: 'red' }),
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['users'] }),
        queries.invalidateQueries({ queryKey: ['me'] }),
      ]),
  });
  const roles = rolesUpTo(me?.role);
  const isOver = !roles.some(({ value }) => value === user.role);
  if (!may('PATCH /api/v1/users/:id') || isOver) return roleName(user.role);
  const shown = change.isPending ? change.variables : user.role;
  return (
    <>
      <Select
        aria-label={`Role of ${user.name}`}
        size="xs"
        allowDeselect={false}
        data={roles.map(({ value, label }) => ({ value, label }))}
        value={shown as GivenRole}
        onChange={(role) => {
          if (role === null || role === user.role) return;
          if (isBelow(role, user.role)) setLower(role);
          else change.mutate(role);
        }}
        comboboxProps={{ width: 160, position: 'bottom-start' }}
      />
      <Ask
        isOpen={lower !== null}
        title={`Make ${user.name} ${lower === null ? '' : roleName(lower)}?`}
        deed="Change role"
        isBusy={change.isPending}
        error={change.error}
        onYes={() => lower !== null && change.mutate(lower)}
        onNo={() => {
          change.reset();
          setLower(null);
        }}
      >
        {lower !== null && `${roleName(lower)}: ${ROLES.find(({ value }) => value === lower)?.does.toLowerCase()}. `}
        What {user.id === me?.user?.id ? 'you' : 'they'} may do beyond that ends now, also for the API keys that{' '}
        {user.id === me?.user?.id ? 'you' : 'they'} made.
      </Ask>
    </>
  );
}

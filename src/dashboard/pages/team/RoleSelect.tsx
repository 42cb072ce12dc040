// A person's role, changed in place by who may.
import { Select } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { answered, api } from '../../app/client.ts';
import { type Me, useMay } from '../../app/me.ts';
import type { User } from '../../app/people.ts';
import { type Role, roleName, rolesUpTo } from '../../app/roles.ts';

export function RoleSelect({ me, user }: { me: Me | undefined; user: User }) {
  const may = useMay();
  const queries = useQueryClient();
  const change = useMutation({
    mutationFn: (role: Exclude<Role, 'super_admin'>) =>
      answered(api.users[':id'].$patch({ param: { id: user.id }, json: { role } })),
    onSuccess: ({ name, role }) => notifications.show({ title: name, message: `Is ${roleName(role)} now.` }),
    onError: ({ message }) => notifications.show({ title: user.name, message, color: 'red' }),
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
    <Select
      aria-label={`Role of ${user.name}`}
      size="xs"
      allowDeselect={false}
      data={roles.map(({ value, label }) => ({ value, label }))}
      value={shown as Exclude<Role, 'super_admin'>}
      onChange={(role) => role !== null && role !== user.role && change.mutate(role)}
      comboboxProps={{ width: 160, position: 'bottom-start' }}
    />
  );
}

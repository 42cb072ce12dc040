// What the organisation is called, changed in place.
import { Button, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { answered, api } from '../../app/client.ts';
import { type Me, useMay } from '../../app/me.ts';
import { Unsaved } from '../../parts/Unsaved.tsx';
import css from './Team.module.css';

export function OrganizationName({ me: { organization } }: { me: Me }) {
  const may = useMay();
  const queries = useQueryClient();
  const [name, setName] = useState(organization?.name ?? '');
  const rename = useMutation({
    mutationFn: () =>
      answered(api.organizations[':id'].$patch({ param: { id: organization?.id ?? '' }, json: { name: name.trim() } })),
    onSuccess: async () => {
      notifications.show({ title: name, message: 'The organisation is called so now.' });
      await queries.invalidateQueries({ queryKey: ['me'] });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    rename.mutate();
  };
  if (organization === null || !may('PATCH /api/v1/organizations/:id')) return null;
  return (
    <form className={css.organization} onSubmit={submit}>
      <TextInput
        label="Organisation"
        value={name}
        error={rename.error?.message}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
      />
      {name.trim() !== organization.name && name.trim() !== '' && (
        <Button type="submit" variant="default" loading={rename.isPending}>
          Rename
        </Button>
      )}
      <Unsaved
        isUnsaved={name.trim() !== organization.name}
        words="The organisation is still called as before."
        onLeave={() => setName(organization.name)}
      />
    </form>
  );
}

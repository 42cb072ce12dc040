// Making a key: name, role, end; then the key itself, once.
import { Button, Group, Select, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { answered, api, Refused } from '../../app/client.ts';
import type { Me } from '../../app/me.ts';
import { type Role, rolesUpTo } from '../../app/roles.ts';
import { FormDialog, type FormEvents } from '../../parts/FormDialog.tsx';
import { Notice } from '../../parts/Notice.tsx';
import { ShownOnce } from '../../parts/ShownOnce.tsx';

const DAY_MS = 86_400_000;
const ENDS = [
  { value: '', label: 'Never' },
  { value: '30', label: 'In 30 days' },
  { value: '90', label: 'In 90 days' },
  { value: '365', label: 'In a year' },
];

interface Props {
  me: Me | undefined;
  isOpen: boolean;
  onClose(): void;
}

export function MakeKey({ me, ...dialog }: Props) {
  return (
    <FormDialog title="Make a key" size={480} lost="No key is made yet, and what you typed is lost." {...dialog}>
      {(events) => <MakeKeyForm me={me} {...events} />}
    </FormDialog>
  );
}

function MakeKeyForm({ me, onUnsaved, onClose, onDone }: Pick<Props, 'me'> & FormEvents) {
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('viewer');
  const [days, setDays] = useState('');
  const make = useMutation({
    mutationFn: () => {
      const expiresAt = days === '' ? null : new Date(Date.now() + Number(days) * DAY_MS).toISOString();
      return answered(api['api-keys'].$post({ json: { name: name.trim(), role, expiresAt } }));
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ['api-keys'] }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate(undefined, { onSuccess: () => onUnsaved(false) });
  };
  if (make.data !== undefined) {
    return (
      <ShownOnce label="API key" value={make.data.key} onDone={onDone}>
        Copy it now: it is never shown again. It goes into the header <code>Authorization: Bearer …</code>
      </ShownOnce>
    );
  }
  const fields = make.error instanceof Refused ? make.error.fields : {};
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap={16}>
        <TextInput
          label="Name"
          description="What it is for, e.g. Metabase."
          data-autofocus
          autoComplete="off"
          value={name}
          error={fields.name}
          onChange={({ currentTarget }) => {
            setName(currentTarget.value);
            onUnsaved(currentTarget.value !== '');
          }}
        />
        <Select
          label="Role"
          allowDeselect={false}
          data={rolesUpTo(me?.role).map(({ value, label }) => ({ value, label }))}
          value={role}
          onChange={(value) => value !== null && setRole(value as Role)}
        />
        <Select
          label="Ends"
          allowDeselect={false}
          data={ENDS}
          value={days}
          onChange={(value) => setDays(value ?? '')}
        />
        {make.error !== null && Object.keys(fields).length === 0 && <Notice tone="bad" title={make.error.message} />}
        <Group gap={8} justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={make.isPending}>
            Make key
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

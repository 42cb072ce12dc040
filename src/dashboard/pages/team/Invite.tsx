// Inviting somebody: address and role, then the link.
import { Button, Group, Radio, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { answered, api, Refused } from '../../app/client.ts';
import { exact } from '../../app/format.ts';
import type { Me } from '../../app/me.ts';
import { type Role, rolesUpTo } from '../../app/roles.ts';
import { FormDialog, type FormEvents } from '../../parts/FormDialog.tsx';
import { Notice } from '../../parts/Notice.tsx';
import { ShownOnce } from '../../parts/ShownOnce.tsx';

interface Props {
  me: Me | undefined;
  isOpen: boolean;
  onClose(): void;
}

export function Invite({ me, ...dialog }: Props) {
  return (
    <FormDialog title="Invite" size={520} lost="Nobody is invited yet, and what you typed is lost." {...dialog}>
      {(events) => <InviteForm me={me} {...events} />}
    </FormDialog>
  );
}

function InviteForm({ me, onUnsaved, onClose, onDone }: Pick<Props, 'me'> & FormEvents) {
  const queries = useQueryClient();
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Exclude<Role, 'super_admin'>>('mediabuyer');
  const invite = useMutation({
    mutationFn: () => answered(api.invitations.$post({ json: { email: email.trim(), role } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['invitations'] }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    invite.mutate(undefined, { onSuccess: () => onUnsaved(false) });
  };
  if (invite.data !== undefined) {
    const { link, isSent, expiresAt } = invite.data;
    return (
      <ShownOnce label="Invitation link" value={link} onDone={onDone}>
        {isSent ? `It was sent to ${invite.data.email}. The same link:` : `Give this link to ${invite.data.email}.`} It
        is shown only now, works once, and until {exact(expiresAt)}.
      </ShownOnce>
    );
  }
  const fields = invite.error instanceof Refused ? invite.error.fields : {};
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap={16}>
        <TextInput
          label="E-mail"
          inputMode="email"
          autoComplete="off"
          data-autofocus
          value={email}
          error={fields.email}
          onChange={({ currentTarget }) => {
            setEmail(currentTarget.value);
            onUnsaved(currentTarget.value !== '');
          }}
        />
        <Radio.Group label="Role" value={role} onChange={(value) => setRole(value as typeof role)}>
          <Stack gap={8} mt={8}>
            {rolesUpTo(me?.role).map(({ value, label, does }) => (
              <Radio key={value} value={value} label={label} description={does} />
            ))}
          </Stack>
        </Radio.Group>
        {invite.error !== null && Object.keys(fields).length === 0 && (
          <Notice tone="bad" title={invite.error.message} />
        )}
        <Group gap={8} justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={invite.isPending}>
            Invite
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

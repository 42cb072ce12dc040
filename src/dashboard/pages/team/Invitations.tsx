// The invitations, newest first, and what became of each.
import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answered, api } from '../../app/client.ts';
import { useEndless } from '../../app/endless.ts';
import { type Me, useMay } from '../../app/me.ts';
import { type Invitation, readInvitations } from '../../app/people.ts';
import { roleName, rolesUpTo } from '../../app/roles.ts';
import { Ask } from '../../parts/Ask.tsx';
import { EndlessTable } from '../../parts/EndlessTable.tsx';
import { RelativeTime } from '../../parts/RelativeTime.tsx';
import { Section } from '../../parts/Section.tsx';
import type { Column } from '../../parts/Table.tsx';
import css from './Team.module.css';

const STATES: Readonly<Record<Invitation['state'], string>> = {
  pending: 'Open',
  accepted: 'Accepted',
  revoked: 'Revoked',
  expired: 'Expired',
};

const columnsOf = (me: Me | undefined): Column<Invitation>[] => [
  { key: 'email', title: 'E-mail', cell: ({ email }) => email },
  { key: 'role', title: 'Role', width: 130, from: 640, cell: ({ role }) => roleName(role) },
  {
    ...{ key: 'state', title: 'State', width: 110 },
    cell: ({ state }) => (state === 'pending' ? STATES[state] : <span className={css.quiet}>{STATES[state]}</span>),
  },
  { key: 'by', title: 'Invited by', width: 180, from: 1200, cell: ({ invitedBy }) => invitedBy ?? '–' },
  {
    ...{ key: 'made', title: 'Made', width: 110, isNumber: true, from: 900 },
    cell: ({ createdAt }) => <RelativeTime at={createdAt} />,
  },
  {
    key: 'revoke',
    title: '',
    width: 88,
    isNumber: true,
    cell: (invitation) => <Revoke me={me} invitation={invitation} />,
  },
];

function Revoke({ me, invitation: { id, email, state, role } }: { me: Me | undefined; invitation: Invitation }) {
  const may = useMay();
  const queries = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const revoke = useMutation({
    mutationFn: () => answered(api.invitations[':id'].$delete({ param: { id } })),
    onSuccess: () => {
      setAsking(false);
      notifications.show({ title: email, message: 'Revoked. Its link opens nothing.' });
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['invitations'] }),
  });
  const isAllowed = may('DELETE /api/v1/invitations/:id') && rolesUpTo(me?.role).some(({ value }) => value === role);
  if (state !== 'pending' || !isAllowed) return null;
  return (
    <>
      <Button
        size="compact-xs"
        variant="default"
        aria-label={`Revoke the invitation of ${email}`}
        onClick={() => setAsking(true)}
      >
        Revoke
      </Button>
      <Ask
        isOpen={isAsking}
        title={`Revoke the invitation of ${email}?`}
        deed="Revoke"
        isBusy={revoke.isPending}
        error={revoke.error}
        onYes={() => revoke.mutate()}
        onNo={() => setAsking(false)}
      >
        The link that they were given opens nothing any more. You can invite them again.
      </Ask>
    </>
  );
}

export function Invitations({ me }: { me: Me | undefined }) {
  const invitations = useEndless(['invitations'], readInvitations);
  return (
    <Section title="Invitations">
      <EndlessTable
        label="Invitations"
        list={invitations}
        columns={columnsOf(me)}
        idOf={({ id }) => id}
        empty={<p className={css.quiet}>Nobody was invited yet. An invitation is a link that works once.</p>}
      />
    </Section>
  );
}

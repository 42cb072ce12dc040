// An invitation at its link: what it is for, and a new account, or sign-in with the one there is.
import { Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { answered, api, chooseOrganization, Refused } from '../../app/client.ts';
import { exact } from '../../app/format.ts';
import { useLinkToken } from '../../app/link-token.ts';
import { roleName } from '../../app/roles.ts';
import { Notice } from '../../parts/Notice.tsx';
import { Waiting } from '../../parts/Waiting.tsx';
import { Door } from '../sign-in/Door.tsx';
import { SignInForm } from '../sign-in/SignInForm.tsx';

export function InvitationPage() {
  const token = useLinkToken();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const found = useQuery({
    queryKey: ['invitation', token],
    queryFn: () => answered(api.invitations['look-up'].$post({ json: { token } })),
    staleTime: Number.POSITIVE_INFINITY,
    enabled: token !== '',
  });
  const accept = useMutation({
    mutationFn: () =>
      answered(api.invitations.accept.$post({ json: found.data?.isKnown ? { token } : { token, name, password } })),
    onSuccess: async ({ organizationId }) => {
      chooseOrganization(organizationId);
      await queries.resetQueries({ queryKey: ['me'] });
      await navigate({ to: '/trackers', hash: '', replace: true });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    accept.mutate();
  };
  const fields = accept.error instanceof Refused ? accept.error.fields : {};

  if (token === '' || found.error !== null) {
    const isGone = token === '' || (found.error instanceof Refused && found.error.status === 404);
    return (
      <Door title="Invitation">
        <Notice tone="bad" title={isGone ? 'This invitation is not open any more.' : (found.error?.message ?? '')}>
          {isGone && 'It was accepted, revoked, or its time is over. Ask for a new one.'}
        </Notice>
      </Door>
    );
  }
  if (found.data === undefined) {
    return (
      <Door title="Invitation">
        <Waiting lines={4} />
      </Door>
    );
  }
  const { organization, email, role, expiresAt, isKnown } = found.data;
  return (
    <Door title={`Join ${organization.name}`} foot={`Open until ${exact(expiresAt)}.`}>
      <Text size="sm" c="dimmed" mb={20}>
        You are invited as {roleName(role)}, with the address {email}.
      </Text>
      {isKnown ? (
        <>
          {accept.error !== null && <Notice tone="bad" title={accept.error.message} />}
          <SignInForm email={email} onSignedIn={() => accept.mutate()} />
        </>
      ) : (
        <form onSubmit={submit}>
          <Stack gap={16}>
            <TextInput
              label="Your name"
              name="name"
              autoComplete="name"
              required
              withAsterisk={false}
              value={name}
              error={fields.name}
              onChange={({ currentTarget }) => setName(currentTarget.value)}
            />
            <PasswordInput
              label="New password"
              name="password"
              autoComplete="new-password"
              required
              withAsterisk={false}
              value={password}
              error={fields.password}
              onChange={({ currentTarget }) => setPassword(currentTarget.value)}
            />
            {accept.error !== null && Object.keys(fields).length === 0 && (
              <Notice tone="bad" title={accept.error.message} />
            )}
            <Button type="submit" loading={accept.isPending} fullWidth>
              Join
            </Button>
          </Stack>
        </form>
      )}
    </Door>
  );
}

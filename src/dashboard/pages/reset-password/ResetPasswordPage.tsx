// A forgotten password: without a link it is asked for, with one the new password is set.
import { Anchor, Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { answered, api, Refused } from '../../app/client.ts';
import { useLinkToken } from '../../app/link-token.ts';
import { Notice } from '../../parts/Notice.tsx';
import { Door } from '../sign-in/Door.tsx';

export function ResetPasswordPage() {
  const token = useLinkToken();
  return token === '' ? <AskForLink /> : <NewPassword key={token} token={token} />;
}

function AskForLink() {
  const [email, setEmail] = useState('');
  const ask = useMutation({
    mutationFn: () => answered(api.auth['request-password-reset'].$post({ json: { email: email.trim() } })),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    ask.mutate();
  };
  return (
    <Door title="Forgotten password">
      <form onSubmit={submit}>
        <Stack gap={16}>
          <TextInput
            label="E-mail"
            name="email"
            autoComplete="username"
            inputMode="email"
            required
            withAsterisk={false}
            value={email}
            onChange={({ currentTarget }) => setEmail(currentTarget.value)}
          />
          {ask.error !== null && <Notice tone="bad" title={ask.error.message} />}
          {ask.data?.isMailOn === true && (
            <Notice tone="ok" title="Look into your mail.">
              Where the address is known here, a link is on its way. It is good for an hour.
            </Notice>
          )}
          {ask.data?.isMailOn === false && (
            <Notice tone="warn" title="This hub sends no mail.">
              Ask an admin of yours: under Team they make a link for a new password.
            </Notice>
          )}
          <Button type="submit" fullWidth loading={ask.isPending}>
            Send me a link
          </Button>
          <Anchor component={Link} to="/trackers" size="sm">
            Back to sign-in
          </Anchor>
        </Stack>
      </form>
    </Door>
  );
}

function NewPassword({ token }: { token: string }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [newPassword, setNewPassword] = useState('');
  const reset = useMutation({
    mutationFn: () => answered(api.auth['reset-password'].$post({ json: { token, newPassword } })),
    onSuccess: async () => {
      await navigate({ to: '/trackers', hash: '', replace: true });
      await queries.resetQueries();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    reset.mutate();
  };
  const refused = reset.error instanceof Refused ? reset.error : null;
  const isGone = refused?.status === 404;
  return (
    <Door title="New password" foot="Every session of yours ends with it.">
      <form onSubmit={submit}>
        <Stack gap={16}>
          <PasswordInput
            label="New password"
            name="password"
            autoComplete="new-password"
            required
            withAsterisk={false}
            value={newPassword}
            error={refused?.fields.newPassword}
            onChange={({ currentTarget }) => setNewPassword(currentTarget.value)}
          />
          {refused !== null && refused.fields.newPassword === undefined && (
            <Notice tone="bad" title={isGone ? 'This link opens nothing any more.' : refused.message}>
              {isGone && 'It was used, or its time is over. Ask for a new one.'}
            </Notice>
          )}
          <Button type="submit" fullWidth loading={reset.isPending}>
            Set password
          </Button>
        </Stack>
      </form>
    </Door>
  );
}

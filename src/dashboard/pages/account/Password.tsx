// Another password; whoever else is signed in with the old one is signed out.
import { Button, PasswordInput, Stack } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { answered, api, Refused } from '../../app/client.ts';
import { Notice } from '../../parts/Notice.tsx';
import { Section } from '../../parts/Section.tsx';
import { Unsaved } from '../../parts/Unsaved.tsx';
import css from './Account.module.css';

export function Password() {
  const queries = useQueryClient();
  const [password, setPassword] = useState('');
  const [newPassword, setNewPassword] = useState('');
  const change = useMutation({
    mutationFn: () => answered(api.auth['change-password'].$post({ json: { password, newPassword } })),
    onSuccess: async () => {
      setPassword('');
      setNewPassword('');
      notifications.show({ title: 'Password changed', message: 'Everywhere else you are signed out.' });
      await queries.invalidateQueries({ queryKey: ['sessions'] });
    },
  });
  const fields = change.error instanceof Refused ? change.error.fields : {};
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate();
  };
  return (
    <Section title="Password">
      <form className={css.form} onSubmit={submit}>
        <Stack gap={12}>
          <PasswordInput
            label="Password now"
            autoComplete="current-password"
            value={password}
            error={fields.password}
            onChange={({ currentTarget }) => setPassword(currentTarget.value)}
          />
          <PasswordInput
            label="New password"
            autoComplete="new-password"
            value={newPassword}
            error={fields.newPassword}
            onChange={({ currentTarget }) => setNewPassword(currentTarget.value)}
          />
          {change.error !== null && Object.keys(fields).length === 0 && (
            <Notice tone="bad" title={change.error.message} />
          )}
          <div>
            <Button
              type="submit"
              variant="default"
              loading={change.isPending}
              disabled={password === '' || newPassword === ''}
            >
              Change password
            </Button>
          </div>
        </Stack>
      </form>
      <Unsaved
        isUnsaved={password !== '' || newPassword !== ''}
        words="Your password is still the one it was."
        onLeave={() => {
          setPassword('');
          setNewPassword('');
        }}
      />
    </Section>
  );
}

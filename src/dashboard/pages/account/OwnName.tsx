// What one is called here.
import { Button, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { answered, api } from '../../app/client.ts';
import type { Me } from '../../app/me.ts';
import { Unsaved } from '../../parts/Unsaved.tsx';
import css from './Account.module.css';

export function OwnName({ user }: { user: NonNullable<Me['user']> }) {
  const queries = useQueryClient();
  const [name, setName] = useState(user.name);
  const change = useMutation({
    mutationFn: () => answered(api.me.$patch({ json: { name: name.trim() } })),
    onSuccess: (me) => {
      queries.setQueryData(['me'], me);
      notifications.show({ title: name.trim(), message: 'You are called so now.' });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate();
  };
  return (
    <form className={css.line} onSubmit={submit}>
      <TextInput
        label="Your name"
        description={user.email}
        autoComplete="name"
        value={name}
        error={change.error?.message}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
      />
      {name.trim() !== user.name && name.trim() !== '' && (
        <Button type="submit" variant="default" loading={change.isPending}>
          Change
        </Button>
      )}
      <Unsaved
        isUnsaved={name.trim() !== user.name}
        words="You are still called as before."
        onLeave={() => setName(user.name)}
      />
    </form>
  );
}

// What may be done with a person: a link for a new password, and their removal.
import { ActionIcon, Menu, Modal, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Ellipsis, KeyRound, UserMinus } from 'lucide-react';
import { useRef, useState } from 'react';
import { answered, api } from '../../app/client.ts';
import { exact } from '../../app/format.ts';
import { type Me, useMay } from '../../app/me.ts';
import type { User } from '../../app/people.ts';
import { rolesUpTo } from '../../app/roles.ts';
import { Ask } from '../../parts/Ask.tsx';
import { Notice } from '../../parts/Notice.tsx';
import { Secret } from '../../parts/Secret.tsx';

export function PersonMenu({ me, user }: { me: Me | undefined; user: User }) {
  const may = useMay();
  const queries = useQueryClient();
  const [isLeaving, setLeaving] = useState(false);
  const param = { id: user.id };
  const remove = useMutation({
    mutationFn: () => answered(api.users[':id'].$delete({ param })),
    onSuccess: async ({ name }) => {
      setLeaving(false);
      notifications.show({ title: name, message: 'Removed, with their keys.' });
      await queries.invalidateQueries({ queryKey: ['users'] });
    },
  });
  const link = useMutation({ mutationFn: () => answered(api.users[':id']['password-link'].$post({ param })) });
  const menu = useRef<HTMLButtonElement>(null);
  /** The item that opened what is closed is gone. */
  const goBack = () => menu.current?.focus();
  const isAbove = !rolesUpTo(me?.role).some(({ value }) => value === user.role);
  const isOwn = user.id === me?.user?.id;
  if (isAbove || isOwn || !may('DELETE /api/v1/users/:id')) return null;
  return (
    <>
      <Menu position="bottom-end" width={220}>
        <Menu.Target>
          <ActionIcon ref={menu} variant="subtle" color="gray" aria-label={`Actions for ${user.name}`}>
            <Ellipsis size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<KeyRound size={14} />} onClick={() => link.mutate()}>
            Link for a new password…
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item leftSection={<UserMinus size={14} />} color="var(--bad)" onClick={() => setLeaving(true)}>
            Remove…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Ask
        isOpen={isLeaving}
        title={`Remove ${user.name}?`}
        deed="Remove"
        isBusy={remove.isPending}
        error={remove.error}
        onYes={() => remove.mutate()}
        onNo={() => {
          setLeaving(false);
          goBack();
        }}
      >
        They can no longer see this organisation, and the API keys that they made open nothing any more.
      </Ask>
      <Modal
        opened={!link.isIdle}
        onClose={() => {
          link.reset();
          goBack();
        }}
        title={`A new password for ${user.name}`}
        size={520}
      >
        {link.error !== null && <Notice tone="bad" title={link.error.message} />}
        {link.data !== undefined && (
          <>
            <Text size="sm" mb={12}>
              Give them this link. It is shown only now, works once, and until {exact(link.data.expiresAt)}.
            </Text>
            <Secret value={link.data.link} label="Link for a new password" />
          </>
        )}
      </Modal>
    </>
  );
}

// Deleting asks for the name.
import { Button, Group, Modal, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { answered, api } from '../../app/client.ts';
import { markPlace } from '../../app/here.ts';
import type { Tracker } from '../../app/trackers.ts';
import { Notice } from '../../parts/Notice.tsx';

export function Remove({ tracker, isOpen, onClose }: { tracker: Tracker; isOpen: boolean; onClose(): void }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [typed, setTyped] = useState('');
  const remove = useMutation({
    mutationFn: () => answered(api.trackers[':configId'].$delete({ param: { configId: tracker.id } })),
    onSuccess: () => {
      notifications.show({ title: tracker.name, message: 'Deleted. Its rows go in the background.' });
      void queries.invalidateQueries({ queryKey: ['trackers'] });
    },
  });
  const close = () => {
    setTyped('');
    remove.reset();
    onClose();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const isHere = markPlace();
    remove.mutate(undefined, { onSuccess: () => isHere() && navigate({ to: '/trackers' }) });
  };
  return (
    <Modal opened={isOpen} onClose={close} title={`Delete ${tracker.name}?`}>
      <form onSubmit={submit}>
        <Text size="sm" mb={16}>
          Its clicks, conversions, catalog and history of changes are deleted here, for good. Nothing changes in the
          tracker itself.
        </Text>
        <TextInput
          label={`Type “${tracker.name}” to confirm`}
          value={typed}
          autoComplete="off"
          data-autofocus
          onChange={({ currentTarget }) => setTyped(currentTarget.value)}
          mb={16}
        />
        {remove.error !== null && <Notice tone="bad" title={remove.error.message} />}
        <Group gap={8} justify="flex-end" mt={8}>
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" color="red" loading={remove.isPending} disabled={typed.trim() !== tracker.name}>
            Delete tracker
          </Button>
        </Group>
      </form>
    </Modal>
  );
}

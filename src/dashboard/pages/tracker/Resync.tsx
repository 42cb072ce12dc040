// Reading a range again.
import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { answered, api } from '../../app/client.ts';
import { isDay } from '../../app/range.ts';
import type { Tracker } from '../../app/trackers.ts';
import { Notice } from '../../parts/Notice.tsx';

const DAY_MS = 86_400_000;
const USUAL_DAYS = 3;
const dayAt = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10);

export function Resync({ tracker, isOpen, onClose }: { tracker: Tracker; isOpen: boolean; onClose(): void }) {
  const queries = useQueryClient();
  const [from, setFrom] = useState(() => dayAt(Date.now() - USUAL_DAYS * DAY_MS));
  const [to, setTo] = useState(() => dayAt(Date.now()));
  const resync = useMutation({
    mutationFn: () => {
      // The last day is meant whole; of today, what there is.
      const end = Math.min(Date.parse(`${to}T00:00:00Z`) + DAY_MS, Date.now() - 1_000);
      const json = { from: `${from}T00:00:00Z`, to: new Date(end).toISOString() };
      return answered(api.trackers[':configId'].resync.$post({ param: { configId: tracker.id }, json }));
    },
    onSuccess: () => {
      notifications.show({ title: tracker.name, message: 'The range is read again, and compared afterwards.' });
      void queries.invalidateQueries({ queryKey: ['tracker', tracker.id] });
    },
  });
  const close = () => {
    // What comes of it closes nothing that was opened since.
    resync.reset();
    onClose();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    resync.mutate(undefined, { onSuccess: close });
  };
  return (
    <Modal opened={isOpen} onClose={close} title="Re-sync a range">
      <form onSubmit={submit}>
        <Stack gap={16}>
          <Text size="sm">
            Clicks and conversions of these days are read again. What is new or changed is written; nothing is removed.
          </Text>
          <Group gap={8} grow>
            <TextInput
              type="date"
              label="From"
              data-autofocus
              value={from}
              max={to}
              onChange={({ currentTarget }) => setFrom(currentTarget.value)}
            />
            <TextInput
              type="date"
              label="To, in UTC"
              value={to}
              min={from}
              onChange={({ currentTarget }) => setTo(currentTarget.value)}
            />
          </Group>
          {resync.error !== null && <Notice tone="bad" title={resync.error.message} />}
          <Group gap={8} justify="flex-end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={resync.isPending} disabled={!isDay(from) || !isDay(to) || from > to}>
              Re-sync
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

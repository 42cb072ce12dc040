// What may be told to a tracker: pause, resume, sync now, test; each says how it went.
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { answered, api } from './client.ts';
import { useMay } from './me.ts';
import type { Tracker } from './trackers.ts';

const one = api.trackers[':configId'];

export function useCommands({ id: configId, name, state }: Pick<Tracker, 'id' | 'name' | 'state'>) {
  const queries = useQueryClient();
  const may = useMay();
  const param = { configId };
  const told = (message: string) => notifications.show({ title: name, message });
  const failed = (error: Error) => notifications.show({ title: name, message: error.message, color: 'red' });
  const settled = () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: ['trackers'] }),
      queries.invalidateQueries({ queryKey: ['tracker', configId] }),
    ]);
  const kept = (tracker: Tracker) => {
    queries.setQueryData(['tracker', configId], tracker);
    queries.setQueryData(['trackers'], (all: Tracker[] | undefined) =>
      all?.map((other) => (other.id === configId ? tracker : other)),
    );
  };

  /** Shows at once what it is about to be; gives back what it was. */
  const expect = (state: Tracker['state']) => async () => {
    await Promise.all([
      queries.cancelQueries({ queryKey: ['trackers'] }),
      queries.cancelQueries({ queryKey: ['tracker', configId], exact: true }),
    ]);
    const before = queries.getQueryData<Tracker>(['tracker', configId]);
    const all = queries.getQueryData<Tracker[]>(['trackers']);
    const known = before ?? all?.find(({ id }) => id === configId);
    if (known !== undefined) kept({ ...known, state });
    return { before, all };
  };
  const refused = (error: Error, _: unknown, context: { before?: Tracker; all?: Tracker[] } | undefined) => {
    if (context?.before === undefined) queries.removeQueries({ queryKey: ['tracker', configId], exact: true });
    else queries.setQueryData(['tracker', configId], context.before);
    queries.setQueryData(['trackers'], context?.all);
    failed(error);
  };

  const pause = useMutation({
    mutationFn: () => answered(one.pause.$post({ param })),
    // The truth at once: it is stopping, and stops in its own time.
    onMutate: expect('pausing'),
    onSuccess: kept,
    onError: refused,
    onSettled: settled,
  });
  const resume = useMutation({
    mutationFn: () => answered(one.resume.$post({ param })),
    onSuccess: kept,
    onError: failed,
    onSettled: settled,
  });
  const sync = useMutation({
    mutationFn: () => answered(one.sync.$post({ param })),
    onSuccess: () => told('Reading what is new.'),
    onError: failed,
    onSettled: settled,
  });
  const test = useMutation({ mutationFn: () => answered(one.test.$post({ param })), onError: failed });

  const isStopped = state === 'paused' || state === 'pausing' || state === 'needs_attention';
  return {
    ...{ pause, resume, sync, test },
    can: {
      pause: may('POST /api/v1/trackers/:configId/pause') && !isStopped,
      resume: may('POST /api/v1/trackers/:configId/resume') && isStopped,
      sync: may('POST /api/v1/trackers/:configId/sync') && !isStopped,
      test: may('POST /api/v1/trackers/:configId/test'),
      change: may('PATCH /api/v1/trackers/:configId'),
      resync: may('POST /api/v1/trackers/:configId/resync') && !isStopped,
      remove: may('DELETE /api/v1/trackers/:configId'),
    },
  };
}

// What may be done with a tracker from the list.
import { ActionIcon, Menu } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { Ellipsis, Pause, Play, PlugZap, RefreshCw } from 'lucide-react';
import { useCommands } from '../../app/commands.ts';
import type { Tracker } from '../../app/trackers.ts';

export function RowMenu({ tracker }: { tracker: Tracker }) {
  const { can, pause, resume, sync, test } = useCommands(tracker);
  if (!can.pause && !can.resume && !can.sync && !can.test) return null;
  const tryIt = () => {
    const id = notifications.show({ title: tracker.name, message: 'Testing the connection …', autoClose: false });
    test.mutate(undefined, {
      onSuccess: (result) => {
        const message = result.ok ? `Connected: ${result.message}` : `${result.error.message}. ${result.error.hint}`;
        // What to do about it is read, and done, in the reader's own time.
        const look = result.ok ? { color: 'green' } : { color: 'red', autoClose: false as const };
        notifications.show({ title: tracker.name, message, ...look });
      },
      onSettled: () => notifications.hide(id),
    });
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keeps the menu's clicks and keys from opening the row
    <div onClick={(event) => event.stopPropagation()} onKeyDown={(event) => event.stopPropagation()}>
      <Menu position="bottom-end" width={180}>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={`Actions for ${tracker.name}`}>
            <Ellipsis size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {can.sync && (
            <Menu.Item leftSection={<RefreshCw size={14} />} onClick={() => sync.mutate()}>
              Sync now
            </Menu.Item>
          )}
          {can.pause && (
            <Menu.Item leftSection={<Pause size={14} />} onClick={() => pause.mutate()}>
              Pause
            </Menu.Item>
          )}
          {can.resume && (
            <Menu.Item
              leftSection={<Play size={14} />}
              disabled={tracker.state === 'pausing'}
              onClick={() => resume.mutate()}
            >
              Resume
            </Menu.Item>
          )}
          {can.test && (
            <Menu.Item
              leftSection={<PlugZap size={14} />}
              // The one above it cannot be chosen yet, and would keep the focus out of the menu.
              data-autofocus={tracker.state === 'pausing' || undefined}
              onClick={tryIt}
            >
              Test connection
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}

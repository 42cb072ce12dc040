// What may be told to this tracker, by whom.
import { ActionIcon, Button, Menu } from '@mantine/core';
import { CalendarSync, Ellipsis, ExternalLink, Pause, Play, RefreshCw, Settings2, Trash2 } from 'lucide-react';
import { useRef, useState } from 'react';
import { useCommands } from '../../app/commands.ts';
import type { Tracker } from '../../app/trackers.ts';
import { Change } from './Change.tsx';
import { Remove } from './Remove.tsx';
import { Resync } from './Resync.tsx';

export function Deeds({ tracker }: { tracker: Tracker }) {
  const { can, pause, resume, sync } = useCommands(tracker);
  const [open, setOpen] = useState<'change' | 'resync' | 'remove' | null>(null);
  const menu = useRef<HTMLButtonElement>(null);
  const close = () => {
    setOpen(null);
    // The item that opened it is gone.
    menu.current?.focus();
  };
  const isToggled = can.pause || (can.resume && tracker.state !== 'needs_attention');
  const hasMenu = can.change || can.resync || can.remove || tracker.workflowUrl !== null;
  return (
    <>
      {isToggled && (
        // One button, which keeps the focus while it becomes the other.
        <Button
          variant="default"
          leftSection={can.pause ? <Pause size={14} /> : <Play size={14} />}
          loading={resume.isPending}
          data-disabled={tracker.state === 'pausing' || undefined}
          onClick={() => (can.pause ? pause : resume).mutate()}
        >
          {can.pause ? 'Pause' : 'Resume'}
        </Button>
      )}
      {can.sync && (
        <Button leftSection={<RefreshCw size={14} />} loading={sync.isPending} onClick={() => sync.mutate()}>
          Sync now
        </Button>
      )}
      {hasMenu && (
        <Menu position="bottom-end" width={210}>
          <Menu.Target>
            <ActionIcon ref={menu} variant="default" size={34} aria-label="More actions">
              <Ellipsis size={16} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {can.change && (
              <Menu.Item leftSection={<Settings2 size={14} />} onClick={() => setOpen('change')}>
                Change connection…
              </Menu.Item>
            )}
            {can.resync && (
              <Menu.Item leftSection={<CalendarSync size={14} />} onClick={() => setOpen('resync')}>
                Re-sync a range…
              </Menu.Item>
            )}
            {tracker.workflowUrl !== null && (
              <Menu.Item
                leftSection={<ExternalLink size={14} />}
                component="a"
                href={tracker.workflowUrl}
                target="_blank"
                rel="noreferrer"
              >
                Workflow in Temporal UI
              </Menu.Item>
            )}
            {can.remove && (
              <>
                <Menu.Divider />
                <Menu.Item leftSection={<Trash2 size={14} />} color="var(--bad)" onClick={() => setOpen('remove')}>
                  Delete…
                </Menu.Item>
              </>
            )}
          </Menu.Dropdown>
        </Menu>
      )}
      {can.change && <Change tracker={tracker} isOpen={open === 'change'} onClose={close} />}
      {can.resync && <Resync tracker={tracker} isOpen={open === 'resync'} onClose={close} />}
      {can.remove && <Remove tracker={tracker} isOpen={open === 'remove'} onClose={close} />}
    </>
  );
}

// The side panel that connects a tracker.
import { Button, Drawer, Group, Modal, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useBlocker } from '@tanstack/react-router';
import { useState } from 'react';
import { typesQuery } from '../../app/trackers.ts';
import { ConnectForm } from './ConnectForm.tsx';

interface Props {
  /** `new`, or a type; without one the panel is closed. */
  chosen: string | undefined;
  onClose(): void;
  onChoose(type: string): void;
  onSaved(configId: string): void;
}

export function Connect({ chosen, onClose, onChoose, onSaved }: Props) {
  const { data: types = [] } = useQuery(typesQuery);
  const isPhone = useMediaQuery('(max-width: 639px)');
  const [isTouched, setTouched] = useState(false);
  const type = types.find((one) => one.type === chosen) ?? types[0];
  // What was typed is lost only when the reader says so; another choice within the panel loses nothing.
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: ({ next }) => isTouched && (next.search as { connect?: string }).connect === undefined,
    enableBeforeUnload: () => isTouched,
    withResolver: true,
  });
  const isAsking = status === 'blocked';
  const leave = () => {
    setTouched(false);
    proceed?.();
  };

  return (
    <>
      <Drawer
        opened={chosen !== undefined}
        onClose={onClose}
        position="right"
        size={isPhone ? '100%' : 480}
        title="Connect tracker"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        {type !== undefined && (
          <ConnectForm
            types={types}
            type={type}
            onChoose={onChoose}
            onTouched={() => setTouched(true)}
            onSaved={(configId) => {
              setTouched(false);
              // The blocker lets go with the next render.
              setTimeout(() => onSaved(configId));
            }}
          />
        )}
      </Drawer>
      <Modal
        opened={isAsking}
        onClose={() => reset?.()}
        // The very Escape that asks would also answer.
        closeOnEscape={false}
        title="Leave without saving?"
        size={400}
        zIndex={300}
      >
        <Text size="sm" mb={24}>
          What you typed for this tracker is lost.
        </Text>
        <Group gap={8} justify="flex-end">
          <Button variant="default" onClick={() => reset?.()}>
            Keep editing
          </Button>
          <Button color="red" onClick={leave}>
            Leave
          </Button>
        </Group>
      </Modal>
    </>
  );
}

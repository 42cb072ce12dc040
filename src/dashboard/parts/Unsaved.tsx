// Asks before unsaved changes are lost, by whatever way the page or the dialog is left.
import { Button, Group, Modal, Text } from '@mantine/core';
import { useBlocker } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { hold } from '../app/unsaved.ts';

interface Props {
  isUnsaved: boolean;
  /** What is lost, in a sentence. */
  words: string;
  /** Called before the page is left all the same. */
  onLeave(): void;
  /** Where a way within the page loses nothing. */
  isLost?(next: { pathname: string; search: object }): boolean;
  /** The dialog that holds them is about to be closed. */
  isClosing?: boolean;
  onStay?(): void;
}

/** Dialogs beneath hear every key too: on these, Escape is not for them. */
const own = { 'data-mantine-stop-propagation': true };

export function Unsaved({ isUnsaved, words, onLeave, isLost = () => true, isClosing = false, onStay }: Props) {
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: ({ next }) => isUnsaved && isLost(next),
    enableBeforeUnload: () => isUnsaved,
    withResolver: true,
  });
  const [deed, setDeed] = useState<(() => void) | null>(null);
  useEffect(() => (isUnsaved ? hold((goOn) => setDeed(() => goOn)) : undefined), [isUnsaved]);
  const leave = () => {
    // It may fail yet: what is unsaved goes with the page.
    if (deed !== null) {
      setDeed(null);
      deed();
      return;
    }
    onLeave();
    proceed?.();
  };
  const stay = () => {
    setDeed(null);
    onStay?.();
    reset?.();
  };
  return (
    <Modal
      opened={status === 'blocked' || isClosing || deed !== null}
      onClose={stay}
      // The very Escape that asks would also answer: one that is pressed in here does.
      closeOnEscape={false}
      onKeyDown={({ key }) => key === 'Escape' && stay()}
      title="Leave without saving?"
      size={400}
      zIndex={300}
      withCloseButton={false}
      // Answered, it is gone at once: while it fades it would take the next key for its own.
      transitionProps={{ duration: 0 }}
    >
      <Text size="sm" mb={24}>
        {words}
      </Text>
      <Group gap={8} justify="flex-end">
        <Button variant="default" onClick={stay} data-autofocus {...own}>
          Keep editing
        </Button>
        <Button color="red" onClick={leave} {...own}>
          Leave
        </Button>
      </Group>
    </Modal>
  );
}

/** For a dialog, which asks before it closes on what was typed in it. */
export function useUnsaved(words: string, onClose: () => void) {
  const [isUnsaved, setUnsaved] = useState(false);
  const [isClosing, setClosing] = useState(false);
  const leave = () => {
    setUnsaved(false);
    setClosing(false);
    onClose();
  };
  return {
    setUnsaved,
    /** Asks first. */
    close: () => (isUnsaved ? setClosing(true) : leave()),
    /** It is saved, or is not wanted. */
    leave,
    question: <Unsaved {...{ isUnsaved, words, isClosing }} onLeave={leave} onStay={() => setClosing(false)} />,
  };
}

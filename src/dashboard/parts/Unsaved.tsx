// Asks before unsaved changes are lost, by whatever way the page is left.
import { Button, Group, Modal, Text } from '@mantine/core';
import { useBlocker } from '@tanstack/react-router';

interface Props {
  isUnsaved: boolean;
  /** What is lost, in a sentence. */
  words: string;
  /** Called before the page is left all the same. */
  onLeave(): void;
  /** Where a way within the page loses nothing. */
  isLost?(next: { pathname: string; search: object }): boolean;
}

export function Unsaved({ isUnsaved, words, onLeave, isLost = () => true }: Props) {
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: ({ next }) => isUnsaved && isLost(next),
    enableBeforeUnload: () => isUnsaved,
    withResolver: true,
  });
  const leave = () => {
    onLeave();
    proceed?.();
  };
  return (
    <Modal
      opened={status === 'blocked'}
      onClose={() => reset?.()}
      // The very Escape that asks would also answer.
      closeOnEscape={false}
      title="Leave without saving?"
      size={400}
      zIndex={300}
    >
      <Text size="sm" mb={24}>
        {words}
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
  );
}

// A question before something that cannot be taken back.
import { Button, Group, Modal, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Notice } from './Notice.tsx';

interface Props {
  isOpen: boolean;
  title: string;
  /** What happens then. */
  children: ReactNode;
  deed: string;
  isBusy: boolean;
  error: Error | null;
  onYes(): void;
  onNo(): void;
}

export function Ask({ isOpen, title, children, deed, isBusy, error, onYes, onNo }: Props) {
  return (
    <Modal opened={isOpen} onClose={onNo} title={title} size={440}>
      <Text component="div" size="sm" mb={16}>
        {children}
      </Text>
      {error !== null && <Notice tone="bad" title={error.message} />}
      <Group gap={8} justify="flex-end" mt={8}>
        <Button variant="default" onClick={onNo} data-autofocus>
          Cancel
        </Button>
        <Button color="red" loading={isBusy} onClick={onYes}>
          {deed}
        </Button>
      </Group>
    </Modal>
  );
}

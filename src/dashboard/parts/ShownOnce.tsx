// The end of making a secret: what it is for, the secret itself, and nothing left to do.
import { Button, Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Secret } from './Secret.tsx';

interface Props {
  label: string;
  value: string;
  children: ReactNode;
  onDone(): void;
}

export function ShownOnce({ label, value, children, onDone }: Props) {
  return (
    <>
      <Text size="sm" mb={12}>
        {children}
      </Text>
      <Secret value={value} label={label} />
      <Group justify="flex-end" mt={24}>
        <Button variant="default" onClick={onDone}>
          Done
        </Button>
      </Group>
    </>
  );
}

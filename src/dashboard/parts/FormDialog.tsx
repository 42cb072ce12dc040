// A dialog with a form in it, which asks before what was typed there is lost.
import { Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { useUnsaved } from './Unsaved.tsx';

/** What a form tells the dialog around it. */
export interface FormEvents {
  onUnsaved(isUnsaved: boolean): void;
  /** Asks first. */
  onClose(): void;
  onDone(): void;
}

interface Props {
  title: string;
  size: number;
  /** What is lost, in a sentence. */
  lost: string;
  isOpen: boolean;
  onClose(): void;
  children(events: FormEvents): ReactNode;
}

export function FormDialog({ title, size, lost, isOpen, onClose, children }: Props) {
  const { close, leave, question, setUnsaved } = useUnsaved(lost, onClose);
  return (
    <>
      <Modal opened={isOpen} onClose={close} title={title} size={size}>
        {children({ onUnsaved: setUnsaved, onClose: close, onDone: leave })}
      </Modal>
      {question}
    </>
  );
}

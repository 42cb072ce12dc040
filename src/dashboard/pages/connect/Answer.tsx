// What a test or a save answered: told as it comes, and brought into sight where it would stand beneath the edge.
import { Stack } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';
import css from './Connect.module.css';

/** @param of what it is an answer to: another one is brought into sight again */
export function Answer({ of, children }: { of: unknown; children: ReactNode }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (of !== undefined) place.current?.scrollIntoView({ block: 'nearest' });
  }, [of]);
  return (
    <Stack ref={place} gap={16} className={css.answer} aria-live="polite">
      {children}
    </Stack>
  );
}

// What is typed into a search that stands in the address: told once the hand rests, and only where it was typed.
import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';

const pathOf = (): string => window.location.pathname;

/**
 * @param known what the address says; back and forward change it, and with it what is typed
 * @param tell gets what is typed without spaces around it, or nothing
 * @returns what is typed, and what takes more
 */
export function useTyped(
  known: string,
  tell: (value: string | undefined) => void,
  delayMs = 300,
): [string, (value: string) => void] {
  const [typed, setTyped] = useState(known);
  const told = useRef(known);
  const tellLater = useDebouncedCallback((value: string, path: string) => {
    // Whoever is already on the way to another page would be called back.
    if (path !== pathOf()) return;
    told.current = value.trim();
    tell(told.current || undefined);
  }, delayMs);
  useEffect(() => {
    // What was told itself may be behind the hand.
    if (known === told.current) return;
    told.current = known;
    setTyped(known);
  }, [known]);
  const type = (value: string) => {
    setTyped(value);
    tellLater(value, pathOf());
  };
  return [typed, type];
}

// What is typed into a search that stands in the address: told once the hand rests, and only where it was typed.
import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';
import { markPlace } from './here.ts';

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
  const told = useRef([known]);
  const tellLater = useDebouncedCallback((value: string, isHere: () => boolean) => {
    if (!isHere()) return;
    told.current.push(value.trim());
    tell(value.trim() || undefined);
  }, delayMs);
  useEffect(() => {
    // What was told itself may be behind the hand, and comes when more has been told already.
    const place = told.current.lastIndexOf(known);
    told.current = told.current.slice(Math.max(0, place));
    if (place >= 0) return;
    told.current = [known];
    setTyped(known);
  }, [known]);
  const type = (value: string) => {
    setTyped(value);
    tellLater(value, markPlace());
  };
  return [typed, type];
}

// What Enter takes in the search and commands: the first that is found, also where it is found later, until arrows choose another.
import { createSpotlight, useSpotlight } from '@mantine/spotlight';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';

const [store, palette] = createSpotlight();

export { palette, store };

const listOf = (): HTMLElement | null => document.getElementById(store.getState().listId);
const chosen = (): HTMLElement | null => listOf()?.querySelector<HTMLElement>('[data-selected]') ?? null;

/** The list marks its elements itself, and only when something is typed. */
function chooseFirst(): void {
  const first = listOf()?.querySelector('[data-action]');
  if (first == null || chosen() !== null) return;
  first.setAttribute('data-selected', 'true');
  store.updateState((state) => ({ ...state, selected: 0 }));
}

/**
 * @param isSearching more may be found yet
 * @returns attributes of the search field
 */
export function useFirstHit(asked: string, isSearching: boolean) {
  const { opened } = useSpotlight(store);
  const [, lookAgain] = useState(0);
  const awaited = useRef<string | null>(null);
  const [activeId, setActiveId] = useState<string>();
  useEffect(() => {
    if (opened && asked === '' && listOf() === null) {
      // It is being opened: the list comes with the next frames.
      const frame = requestAnimationFrame(() => lookAgain((times) => times + 1));
      return () => cancelAnimationFrame(frame);
    }
    chooseFirst();
    const hit = chosen();
    for (const [place, one] of (listOf()?.querySelectorAll('[data-action]') ?? []).entries()) {
      one.id = `hit-${place}`;
      one.setAttribute('aria-selected', String(one === hit));
    }
    setActiveId(hit?.id);
    const isAwaited = awaited.current === asked;
    if (!isAwaited || hit !== null || !isSearching) awaited.current = null;
    if (isAwaited) hit?.click();
    return undefined;
  });
  return {
    role: 'combobox',
    'aria-expanded': true,
    'aria-controls': store.getState().listId || undefined,
    'aria-activedescendant': activeId,
    onKeyDown({ key }: KeyboardEvent) {
      // Enter may be quicker than what it is meant for.
      if (key === 'Enter' && isSearching && chosen() === null) awaited.current = asked;
    },
  };
}

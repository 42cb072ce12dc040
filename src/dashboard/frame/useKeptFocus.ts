// Where the focus goes when what had it is gone: to what stood around it, so that the keys go on from there.
import { useEffect } from 'react';

const AROUND = '[role="dialog"], section, main';
/** A dialog that closes gives the focus back by itself. */
const PATIENCE_MS = 60;

export function useKeptFocus(): void {
  useEffect(() => {
    let last: Element | null = null;
    let around: Element[] = [];
    let waiting: ReturnType<typeof setTimeout> | undefined;
    const isLost = () => document.activeElement === document.body && last !== null && !last.isConnected;

    function note({ target }: FocusEvent): void {
      last = target as Element;
      around = [];
      for (let one = last.parentElement; one !== null; one = one.parentElement)
        if (one.matches(AROUND)) around.push(one);
    }
    function mend(): void {
      waiting = undefined;
      if (!isLost()) return;
      const next = around.find((one) => one.isConnected) ?? document.querySelector('main');
      last = null;
      if (!(next instanceof HTMLElement)) return;
      next.tabIndex = -1;
      next.focus({ preventScroll: true });
    }
    const changes = new MutationObserver(() => {
      if (waiting === undefined && isLost()) waiting = setTimeout(mend, PATIENCE_MS);
    });
    document.addEventListener('focusin', note);
    changes.observe(document.body, { childList: true, subtree: true });
    return () => {
      document.removeEventListener('focusin', note);
      changes.disconnect();
      clearTimeout(waiting);
    };
  }, []);
}

// Where the focus goes when what had it is gone: to what stood around it, or had it before, so that the keys go on from there.
import { useEffect } from 'react';

const AROUND = '[role="menu"], [role="dialog"], section, main';
/** A dialog that closes gives the focus back by itself. */
const PATIENCE_MS = 60;
const MOST_EARLIER = 20;

export function useKeptFocus(): void {
  useEffect(() => {
    let last: Element | null = null;
    let earlier: Element[] = [];
    let around: Element[] = [];
    let waiting: ReturnType<typeof setTimeout> | undefined;
    const isLost = () => document.activeElement === document.body && last !== null && !last.isConnected;

    function note({ target }: FocusEvent): void {
      if (last !== null) earlier = [last, ...earlier].slice(0, MOST_EARLIER);
      last = target as Element;
      around = [];
      for (let one = last.parentElement; one !== null; one = one.parentElement)
        if (one.matches(AROUND)) around.push(one);
    }
    function mend(): void {
      waiting = undefined;
      if (!isLost()) return;
      last = null;
      const place = around.find((one) => one.isConnected);
      // What was in a dialog that is gone had nothing else around it.
      const before = place ?? earlier.find((one) => one.isConnected && one.checkVisibility());
      const next = before ?? document.querySelector('main');
      if (!(next instanceof HTMLElement)) return;
      if (next === place) next.tabIndex = -1;
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

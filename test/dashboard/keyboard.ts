// A person who has only a keyboard: what they do, and that wherever the focus is can be seen and has a name.
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

export type Named = [role: Parameters<Page['getByRole']>[0], name: string | RegExp];

export interface Keyboard {
  press(...keys: string[]): Promise<void>;
  type(text: string): Promise<void>;
  /** Goes on by Tab until this has the focus. */
  tabTo(...named: Named): Promise<void>;
  /** The same, backwards. */
  backTo(...named: Named): Promise<void>;
  /** Goes down an open list or menu until this is the one, and takes it. */
  choose(name: string): Promise<void>;
  /** Waits until this has the focus, wherever it came from. */
  isAt(...named: Named): Promise<void>;
}

const MOST_STEPS = 60;
/** How long a finger stays on a key: at a key every eight milliseconds the focus comes and goes. */
const KEY_MS = 20;
/** Far above what it takes on an idle machine. */
const MOST_MS = 10_000;

/** Of a menu the item with the focus, of a list the option that the field with the focus names. Runs in the page. */
const CHOSEN = `(() => {
  const at = document.activeElement;
  const option = document.getElementById(at?.getAttribute('aria-activedescendant') ?? '') ?? at;
  return ['option', 'menuitem'].includes(option?.getAttribute('role')) ? option.textContent.trim() : '';
})()`;

/** What is wrong with the place of the focus; empty where nothing is. Runs in the page. */
const TROUBLE = `(() => {
  const at = document.activeElement;
  if (at === null || at === document.body) return 'nothing has the focus';
  const told = at.outerHTML.slice(0, 160);
  // It holds the focus after something that is gone, until the next key.
  if (at.matches('main, section') && at.tabIndex === -1) return '';
  // Of a ring that is drawn around a box, a label or a frame of the control's own.
  const drawn = [at, at.nextElementSibling, at.parentElement, at.parentElement?.parentElement, at.closest('label')];
  const probe = document.createElement('i');
  probe.style.color = 'var(--accent)';
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.style.color = 'var(--mantine-primary-color-filled)';
  const filled = getComputedStyle(probe).color;
  probe.remove();
  const isMarked = drawn.some((one) => {
    if (!(one instanceof Element)) return false;
    const { outlineStyle, outlineWidth, borderTopColor, borderTopWidth } = getComputedStyle(one);
    if (outlineStyle !== 'none' && parseFloat(outlineWidth) > 0) return true;
    return one.matches('input, textarea, [data-focus], :focus-within') && parseFloat(borderTopWidth) > 0 && [color, filled].includes(borderTopColor);
  });
  if (!isMarked) return 'the focus cannot be seen on ' + told;
  const { left, top, width, height } = at.getBoundingClientRect();
  const x = left + width / 2, y = top + Math.min(height / 2, 20);
  if (x < 0 || y < 0 || x > innerWidth || y > innerHeight) return 'out of sight: ' + told;
  const there = document.elementFromPoint(x, y);
  const isOpen = there === null || at.contains(there) || there.contains(at) || at.closest('label, .mantine-Checkbox-root, .mantine-Radio-root, .mantine-SegmentedControl-root')?.contains(there) || document.querySelector('label[for="' + at.id + '"]')?.contains(there);
  return isOpen ? '' : 'covered by ' + there.outerHTML.slice(0, 120) + ': ' + told;
})()`;

export function keyboardOf(page: Page): Keyboard {
  const named = ([role, name]: Named): Locator => page.getByRole(role, { name, exact: typeof name === 'string' });
  const found = (one: Named): Locator => named(one).and(page.locator(':focus'));
  async function lookAround(one: Named): Promise<void> {
    // Borders change their colour in a moment.
    await expect
      .poll(() => page.evaluate<string>(TROUBLE), { message: `at ${one.join(' ')}`, timeout: MOST_MS })
      .toBe('');
  }
  async function go(key: string, one: Named): Promise<void> {
    // Nobody looks for what they do not see yet.
    await named(one).first().waitFor({ state: 'attached' });
    const passed: string[] = [];
    for (let step = 0; step < MOST_STEPS; step++) {
      await page.keyboard.press(key, { delay: KEY_MS });
      if ((await found(one).count()) > 0) {
        await lookAround(one);
        if ((await found(one).count()) > 0) return;
      }
      passed.push(
        await page.evaluate<string>(
          `${TROUBLE} || (document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent ?? '').slice(0, 40)`,
        ),
      );
    }
    throw new Error(`no way by ${key} to ${one.join(' ')}; passed ${[...new Set(passed)].join(' | ')}`);
  }
  return {
    async press(...keys) {
      for (const key of keys) await page.keyboard.press(key);
    },
    async type(text) {
      await page.keyboard.type(text);
    },
    async choose(name) {
      const passed: string[] = [];
      for (let step = 0; step < MOST_STEPS; step++) {
        // Lists and menus open, and move what is chosen, a moment after the key.
        await page.waitForTimeout(40);
        const chosen = await page.evaluate<string>(CHOSEN);
        if (chosen === name) return page.keyboard.press('Enter');
        passed.push(chosen);
        await page.keyboard.press('ArrowDown');
      }
      throw new Error(`no way down to ${name}; passed ${[...new Set(passed)].join(' | ')}`);
    },
    tabTo: (...named) => go('Tab', named),
    backTo: (...named) => go('Shift+Tab', named),
    async isAt(...one) {
      await expect
        .poll(
          async () =>
            (await found(one).count()) > 0
              ? ''
              : page.evaluate<string>("document.activeElement?.outerHTML.slice(0, 300) ?? 'nothing'"),
          { message: `the focus at ${one.join(' ')}`, timeout: MOST_MS },
        )
        .toBe('');
      await lookAround(one);
    },
  };
}

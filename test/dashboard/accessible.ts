// A page as others have it, wide and on a phone: axe finds nothing serious, and nothing is wider than the window.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Role } from '../../src/store/sign-in-roles.ts';
import type { Hub } from './ground.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Place {
  /** Null for who is not signed in. */
  role: Role | null;
  path: string;
  /** What is there once the page is. */
  text: string;
  scheme: 'light' | 'dark';
}

/** @param prepare what is done on the page before it is looked at */
export async function expectAccessible(
  hub: Hub,
  { role, path, text, scheme }: Place,
  prepare: (page: Page) => Promise<unknown> = async () => {},
): Promise<void> {
  const page = await (role === null ? hub.open('/healthz', { scheme }) : hub.signedIn(role, '/healthz', { scheme }));
  for (const width of [1_440, 390]) {
    await page.setViewportSize({ width, height: 900 });
    await page.goto(path);
    await page.getByText(text).filter({ visible: true }).first().waitFor();
    await prepare(page);
    await calm(page);
    expect(await seriousIn(page)).toEqual([]);
    const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
    expect(overflow, `${width} px: wider than the window`).toBeLessThanOrEqual(0);
  }
  await page.context().close();
}

/** Once nothing appears or changes its colour any more: what is in the midst of it is nobody's. */
export async function calm(page: Page): Promise<void> {
  // What begins with the next frames has begun.
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => setTimeout(done, 150)))');
  await page.evaluate(`(async () => {
    const moves = ({ playState, effect }) => playState === 'running' && effect.getTiming().iterations !== Infinity;
    for (let all; (all = document.getAnimations().filter(moves)).length > 0; )
      await Promise.all(all.map(({ finished }) => finished.catch(() => {})));
  })()`);
}

interface Violation {
  id: string;
  impact: string;
  nodes: { html: string }[];
}

/**
 * What axe finds, serious and critical.
 * @param within a selector; the whole page without one, or where nothing fits
 */
export async function seriousIn(page: Page, within = 'none'): Promise<string[]> {
  await page.evaluate(AXE);
  const found = await page.evaluate<Violation[]>(
    `axe.run(document.querySelector('${within}') === null ? document : { include: ['${within}'] }, { resultTypes: ['violations'] }).then(({ violations }) => violations)`,
  );
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 300)}`));
}

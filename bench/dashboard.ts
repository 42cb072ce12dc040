// How soon the list of trackers can be used: by the browser's own clock, from the navigation to the first row, nothing cached; and how long lists scroll.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../test/dashboard/browser.ts';
import { connect, type Hub, untilSynced } from './hub.ts';
import { measureScroll, type Scrolled } from './scroll.ts';

const TRACKERS = 40;
const ROUNDS = 15;

export interface Shown {
  trackers: number;
  /** Milliseconds from the navigation's start. */
  usable: number[];
  /** The largest thing painted. */
  painted: number[];
  scrolled: Scrolled[];
}

/** Runs in the page before anything of it: notes when the first row of the list is there. */
const NOTE = `
  new MutationObserver((_, self) => {
    if (document.querySelector('tbody tr[data-index]') === null) return;
    self.disconnect();
    requestAnimationFrame(() => performance.mark('usable'));
  }).observe(document, { childList: true, subtree: true });
  new PerformanceObserver((list) => {
    for (const { startTime } of list.getEntries()) globalThis.largest = startTime;
  }).observe({ type: 'largest-contentful-paint', buffered: true });`;

export async function measureDashboard(hub: Hub): Promise<Shown> {
  const ledger = await hub.openLedger({ name: 'shown', clicks: 2_000, conversions: 100, limits: false });
  const settings = { syncIntervalMinutes: 1440, callsPerMinute: 0 };
  for (let i = 0; i < TRACKERS; i++) {
    const { id } = await connect(hub, ledger, settings, `Tracker ${i + 1}`);
    await untilSynced(hub, id);
  }
  const browser = await launchBrowser();
  const shown: Shown = { trackers: TRACKERS, usable: [], painted: [], scrolled: [] };
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const page = await signIn(browser, hub);
      await page.addInitScript(NOTE);
      await page.goto(`${hub.apiUrl}/trackers`);
      await page.locator('tbody tr[data-index]').first().waitFor();
      // The mark is set with the next frame.
      await page.waitForTimeout(100);
      shown.usable.push(await page.evaluate<number>(`performance.getEntriesByName('usable')[0].startTime`));
      shown.painted.push(await page.evaluate<number>('globalThis.largest'));
      await page.context().close();
    }
  } finally {
    await browser.close();
  }
  shown.scrolled = await measureScroll(hub, (other) => signIn(other, hub));
  return shown;
}

async function signIn(browser: Browser, hub: Hub): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1_440, height: 900 } });
  const answer = await context.request.post(`${hub.apiUrl}/api/v1/auth/sign-in/email`, {
    data: firstSignIn(hub.dataDir),
    headers: { origin: hub.apiUrl },
  });
  if (!answer.ok()) throw new Error(`sign-in: ${answer.status()} ${await answer.text()}`);
  return context.newPage();
}

function firstSignIn(dataDir: string): { email: string; password: string } {
  const kept = readFileSync(join(dataDir, 'first-sign-in.txt'), 'utf8');
  const of = (name: string) => new RegExp(`^${name}: (.+)$`, 'm').exec(kept)![1]!;
  return { email: of('email'), password: of('password') };
}

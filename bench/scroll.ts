// How smoothly a table of 10,000 rows scrolls: by the browser's own frames, at the pace of a wheel and dragged through whole.
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../test/dashboard/browser.ts';
import { connect, type Hub, untilSynced } from './hub.ts';

const ROWS = 10_000;
/** What a frame of 60 a second, missed once, takes. */
export const MISSED_MS = 33.4;

export interface Scrolled {
  what: string;
  rows: number;
  /** Milliseconds between one frame and the next. */
  frames: number[];
  /** Of the page's own thread a frame, milliseconds of processor: what another machine's load does not change. */
  workMs: number;
  /** Rows in the document at most. */
  mostDrawn: number;
}

/** Runs in the page: goes down by so many pixels a frame, and back up from the end, until there were enough frames. */
const SCROLL = (place: string, pixels: number, frames: number) => `new Promise((resolve) => {
  const place = ${place};
  const times = [];
  let last = performance.now(), most = 0, way = ${pixels};
  const next = (now) => {
    times.push(now - last);
    last = now;
    most = Math.max(most, document.querySelectorAll('tbody tr[data-index]').length);
    if (times.length > ${frames}) return resolve({ frames: times.slice(1), mostDrawn: most });
    const before = place.scrollTop;
    place.scrollTop += way;
    if (place.scrollTop === before) way = -way;
    requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
})`;

/** A wheel that is turned fast; and 10,000 rows in four seconds. */
const PACES = [
  { name: 'by the wheel', pixels: 100, frames: 300 },
  { name: 'dragged', pixels: 1_500, frames: 300 },
];

async function scroll(page: Page, what: string, place: string, rows: number): Promise<Scrolled[]> {
  const all: Scrolled[] = [];
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
  const workedMs = async () => {
    const { metrics } = await cdp.send('Performance.getMetrics');
    return 1_000 * metrics.find(({ name: metric }) => metric === 'TaskDuration')!.value;
  };
  for (const { name, pixels, frames } of PACES) {
    await page.evaluate(`(${place}).scrollTop = 0`);
    await page.waitForTimeout(500);
    const before = await workedMs();
    const seen = await page.evaluate<Pick<Scrolled, 'frames' | 'mostDrawn'>>(SCROLL(place, pixels, frames));
    const workMs = ((await workedMs()) - before) / frames;
    all.push({ what: `${what}, ${name}`, rows, workMs, ...seen });
  }
  await cdp.detach();
  return all;
}

const rowsOf = async (page: Page): Promise<number> =>
  Number(await page.locator('table[aria-rowcount]').getAttribute('aria-rowcount')) - 1;

export async function measureScroll(hub: Hub, signIn: (browser: Browser) => Promise<Page>): Promise<Scrolled[]> {
  const ledger = await hub.openLedger({ name: 'long', clicks: 40_000, conversions: 12_000, limits: false });
  const { id } = await connect(hub, ledger, { syncIntervalMinutes: 1_440, callsPerMinute: 0 }, 'Long');
  await untilSynced(hub, id);
  const browser = await launchBrowser();
  try {
    const page = await signIn(browser);
    // What this machine, as busy as it is, makes of frames with nothing in them.
    await page.setContent(`<div style="height:${ROWS * 36}px"></div>`);
    const reference = await scroll(page, 'an empty page', 'document.scrollingElement', 0);
    await page.goto(`${hub.apiUrl}/conversions?range=last30&configId=${id}`);
    await page.locator('tbody tr[data-index]').first().waitFor();
    // Read to its end first: what is measured is the scrolling of all of them.
    while ((await rowsOf(page)) < ROWS && (await page.getByText('Reading on…').count()) > 0) {
      await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)');
      await page.waitForTimeout(20);
    }
    const list = await scroll(page, 'conversions', 'document.scrollingElement', await rowsOf(page));

    const filter = encodeURIComponent(JSON.stringify({ config: [id] }));
    await page.goto(`${hub.apiUrl}/analytics?range=last30&group=hour,campaign,country&filter=${filter}`);
    await page.locator('tbody tr[data-index]').first().waitFor();
    const report = await scroll(page, 'a report', `document.querySelector('[aria-label=Report]')`, await rowsOf(page));
    return [...reference, ...list, ...report];
  } finally {
    await browser.close();
  }
}

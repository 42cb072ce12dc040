// The first five minutes of somebody who has read nothing: the demo as it is started, and a browser.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Locator, Page } from 'playwright-core';
import { describe, test } from 'vitest';
import { signOf, subtract } from '../../src/core/decimal.ts';
import { money } from '../../src/dashboard/app/format.ts';
import { rangeOf } from '../../src/dashboard/app/range.ts';
import { homeOf, launch } from '../local/launched.ts';
import { launchBrowser } from './browser.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'main.ts');
const WORD = 'trial_started';
const PROMISED_S = 300;
/** What a person needs to read, and to find the next thing, before each act. */
const READING_S = 5;

/** Somebody who knows nothing but what can be read: each thing is found by the words on it. */
function personAt(page: Page) {
  const since = performance.now();
  let acts = 0;
  const find = (words: string | RegExp, within: Page | Locator) =>
    within.getByText(words, { exact: true }).filter({ visible: true }).first();
  return {
    async press(words: string | RegExp, within: Page | Locator = page) {
      acts += 1;
      await find(words, within).click();
    },
    /** Into the field with this label. */
    async type(label: string, text: string, within: Page | Locator = page) {
      acts += 1;
      await find(label, within).click();
      await page.keyboard.press('Control+a');
      await page.keyboard.type(text);
    },
    /** With the time that reading takes. */
    seconds: () => (performance.now() - since) / 1_000 + acts * READING_S,
  };
}

async function until<T>(look: () => Promise<T>, isRight: (seen: T) => boolean): Promise<T> {
  for (;;) {
    const seen = await look();
    if (isRight(seen)) return seen;
    await sleep(200);
  }
}

interface WordRow {
  keys: { rawStatus: string };
  conversions: number;
  approved: number;
  revenue: string;
  approvedRevenue: string;
}

interface AdRow {
  keys: { ad: { name: string | null; externalId: string } | null };
  revenue: string;
  /** Null where it is not told. */
  cost: string | null;
}

const nameOf = (ad: AdRow['keys']['ad']): string => (ad === null ? 'None' : (ad.name ?? ad.externalId));

/** Each row of the report: its name, and the figures under these heads. */
async function figures(page: Page, heads: readonly string[]): Promise<string[][]> {
  const report = page.getByRole('region', { name: 'Report' });
  await report.locator('table[aria-busy="false"]').waitFor();
  const [head, ...rows] = (await report.getByRole('row').allInnerTexts()).map((text) => text.split(/\s*\t\s*/));
  return rows.map((cells) => [cells[0]!, ...heads.map((name) => cells[head!.indexOf(name)]!)]);
}

describe.skipIf(process.platform !== 'linux')('the demo, in a browser', { timeout: 300_000 }, () => {
  test('connects a tracker, watches it fill, maps a status, finds the best ad', async ({ expect, onTestFinished }) => {
    const home = await homeOf({ onTestFinished });
    const demo = launch(home, {}, MAIN, ['demo']);
    await demo.says('what its ads cost is uploaded.');
    const said = (name: string) => new RegExp(`${name} +(\\S+)`).exec(demo.output())![1]!;
    const [url, apiKey] = [said('Tracker URL'), said('API key')];
    const kept = readFileSync(join(home.dataDir, 'first-sign-in.txt'), 'utf8');
    const of = (name: string) => new RegExp(`^${name}: (.+)$`, 'm').exec(kept)![1]!;

    const browser = await launchBrowser();
    onTestFinished(() => browser.close());
    const page = await browser.newPage({ viewport: { width: 1_440, height: 900 } });
    page.setDefaultTimeout(30_000);
    const main = page.getByRole('main');
    await page.goto(/Open (\S+)/.exec(demo.output())![1]!);
    const { press, type, seconds } = personAt(page);
    await type('E-mail', of('email'));
    await type('Password', of('password'));
    await page.keyboard.press('Enter');
    await page.getByRole('row', { name: /Demo Keitaro/ }).waitFor();

    // Slow enough to be stopped in the midst of it.
    const faults = url.replace(/\/([^/]+)\/[^/]+$/, '/control/ledgers/$1/faults');
    const rule = { match: { times: null }, fault: { kind: 'delay', ms: 500 } };
    expect((await fetch(faults, { method: 'POST', body: JSON.stringify(rule) })).status).toBe(200);
    await press('Connect tracker');
    const panel = page.getByRole('dialog');
    await type('Name', 'Mine', panel);
    await type('Tracker URL', url, panel);
    await type('API key', apiKey, panel);
    await press('Test connection', panel);
    await panel.getByRole('status').getByText('Conversions').waitFor();
    await press('Save', panel);
    await page.getByRole('heading', { name: 'Mine' }).waitFor();

    const percent = async () =>
      Number.parseFloat((await main.getByRole('region', { name: 'Progress' }).textContent())!);
    await until(percent, (seen) => seen > 0);
    const told = await main.textContent();
    const [state, progress] = [/Syncing (\d+) %/, /(\d+\.\d) %/].map((one) => Number(one.exec(told!)?.[1]));
    expect(state, told!.slice(0, 300)).toBe(Math.floor(progress!));
    await press('Pause', main);
    await main.getByText('Paused', { exact: true }).first().waitFor();
    await sleep(2_000);
    const paused = await percent();

    expect(paused).toBeLessThan(100);
    await fetch(faults, { method: 'DELETE' });
    await sleep(2_000);
    expect(await percent()).toBe(paused);
    await press('Resume', main);
    await main.getByText('30 of 30 days are in').waitFor();
    await main
      .getByText(/^Synced/)
      .first()
      .waitFor();

    const configId = /\/trackers\/([\da-f-]+)/.exec(page.url())![1]!;
    const { from, to, zone } = rangeOf({ range: 'last30' }, Date.now());
    const reportOf = async <T>(query: Record<string, string>) => {
      const address = new URL('/api/v1/reports', page.url());
      address.search = new URLSearchParams({ from, to, tz: zone, top: '1000', ...query }).toString();
      return ((await (await page.request.get(address.href)).json()) as { rows: T[] }).rows;
    };
    const words = await reportOf<WordRow>({ groupBy: 'rawStatus', 'filter.config': configId });
    const unmapped = words.find(({ keys }) => keys.rawStatus === WORD)!;
    expect(unmapped).toMatchObject({ approved: 0, approvedRevenue: '0' });
    expect(Number(unmapped.revenue)).toBeGreaterThan(0);

    await press(/unmapped word/, main);
    await press('Approved', page.getByRole('row', { name: WORD }));
    await press('Use the guess');
    await press('Apply');
    await page.getByRole('table', { name: 'All words' }).getByTitle(WORD).waitFor();

    await press('Analytics');
    await press('Last 7 days');
    await press('Last 30 days');
    await press('Group');
    await page.keyboard.type('ad');
    await press('Ad');
    // The cross beside the word says what it does without any.
    await page.getByRole('listitem').filter({ hasText: 'Campaign' }).getByRole('button').last().click();
    await press('Profit', page.getByRole('columnheader'));
    await page.getByRole('columnheader', { name: 'Ad', exact: true }).waitFor();
    const [total, ...rest] = await figures(page, ['Profit']);
    expect(seconds(), 'seconds until the best ad is found').toBeLessThan(PROMISED_S);
    expect(total![0]).toMatch(/^Total/);
    expect(rest.length).toBeGreaterThan(5);
    // The best by what ads brought and cost, whatever order and profit a report gives; both go on while they are read.
    const best = async () => {
      const [first] = (await reportOf<AdRow>({ groupBy: 'ad', sort: 'ad' }))
        .flatMap(({ keys, revenue, cost }) =>
          cost === null ? [] : [{ name: nameOf(keys.ad), profit: subtract(revenue, cost), revenue, cost }],
        )
        .sort((one, other) => signOf(subtract(other.profit, one.profit)));
      const { name, ...amounts } = first!;
      return [name, ...[amounts.revenue, amounts.cost, amounts.profit].map((value) => money(value, 'USD'))];
    };
    const seen = async () => ({ shown: (await figures(page, ['Revenue', 'Cost', 'Profit']))[1], best: await best() });
    const { shown } = await until(seen, (now) => isDeepStrictEqual(now.shown, now.best));
    expect(shown![0]).not.toBe('None');

    const own = encodeURIComponent(JSON.stringify({ config: [configId] }));
    await page.goto(new URL(`/analytics?range=last30&group=rawStatus&filter=${own}`, page.url()).href);
    await page.getByRole('row', { name: WORD }).waitFor();
    const moved = (await figures(page, ['Conversions', 'Approved', 'Revenue'])).find(([name]) => name === WORD);
    const count = String(unmapped.conversions);
    expect(moved).toEqual([WORD, count, count, money(unmapped.revenue, 'USD')]);
    demo.process.kill('SIGINT');
    expect(await demo.ended()).toBe(0);
  });
});

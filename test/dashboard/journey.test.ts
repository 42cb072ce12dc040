// The first five minutes of somebody who has read nothing: the demo as it is started, and a browser.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { describe, test } from 'vitest';
import { homeOf, launch } from '../local/launched.ts';
import { launchBrowser } from './browser.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'main.ts');
const WORD = 'trial_started';

async function until<T>(look: () => Promise<T>, isRight: (seen: T) => boolean): Promise<T> {
  for (;;) {
    const seen = await look();
    if (isRight(seen)) return seen;
    await sleep(200);
  }
}

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
    await page.getByLabel('E-mail').fill(of('email'));
    await page.getByLabel('Password', { exact: true }).fill(of('password'));
    await page.keyboard.press('Enter');
    await page.getByRole('row', { name: /Demo Keitaro/ }).waitFor();

    // Slow enough to be stopped in the midst of it.
    const faults = url.replace(/\/([^/]+)\/[^/]+$/, '/control/ledgers/$1/faults');
    const rule = { match: { times: null }, fault: { kind: 'delay', ms: 500 } };
    expect((await fetch(faults, { method: 'POST', body: JSON.stringify(rule) })).status).toBe(200);
    await page.getByRole('button', { name: 'Connect tracker' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Mine');
    await page.getByLabel('Tracker URL').fill(url);
    await page.getByRole('textbox', { name: 'API key' }).fill(apiKey);
    await page.getByRole('button', { name: 'Test connection' }).click();
    await page.getByRole('dialog').getByRole('status').getByText('Conversions').waitFor();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'Mine' }).waitFor();

    const percent = async () =>
      Number.parseFloat((await main.getByRole('region', { name: 'Progress' }).textContent())!);
    await until(percent, (seen) => seen > 0);
    await main.getByRole('button', { name: 'Pause' }).click();
    await main.getByText('Paused', { exact: true }).waitFor();
    await sleep(2_000);
    const paused = await percent();

    expect(paused).toBeLessThan(100);
    await fetch(faults, { method: 'DELETE' });
    await sleep(2_000);
    expect(await percent()).toBe(paused);
    await main.getByRole('button', { name: 'Resume' }).click();
    await main.getByText('30 of 30 days are in').waitFor();
    await main
      .getByText(/^Synced/)
      .first()
      .waitFor();

    await page
      .getByRole('link', { name: /unmapped word/ })
      .first()
      .click();
    await page
      .getByRole('group', { name: `${WORD} counts as` })
      .getByRole('button', { name: 'Approved' })
      .click();
    await page.getByRole('button', { name: 'Confirm the guess' }).click();
    const changes = page.getByRole('region', { name: 'Changes to apply' });
    await changes.getByRole('button', { name: 'Apply' }).click();
    await page.getByRole('table', { name: 'All words' }).getByTitle(WORD).waitFor();

    await page.getByRole('link', { name: 'Analytics' }).click();
    await page.getByRole('button', { name: /^Range/ }).click();
    await page.getByRole('button', { name: 'Last 30 days' }).click();
    await page.getByRole('button', { name: 'Group', exact: true }).click();
    await page.getByLabel('Group: search').fill('ad');
    await page.getByRole('option', { name: 'Ad', exact: true }).click();
    await page.getByRole('button', { name: 'Do not group by Campaign' }).click();
    await page.getByRole('columnheader', { name: 'Profit' }).getByRole('button').click();
    await page.getByRole('columnheader', { name: 'Ad', exact: true }).waitFor();
    const [total, best, ...rest] = await figures(page, ['Cost', 'Profit', 'ROI']);
    expect(total![0]).toMatch(/^Total/);
    expect(best!.slice(1)).toEqual([
      expect.stringMatching(/^\$/),
      expect.stringMatching(/^\$/),
      expect.stringMatching(/%$/),
    ]);
    expect(rest.length).toBeGreaterThan(5);
    demo.process.kill('SIGINT');
    expect(await demo.ended()).toBe(0);
  });
});

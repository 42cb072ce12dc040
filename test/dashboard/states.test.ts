// What is rarely seen: a tracker that is late, a log that is not given, days that differ, another width, role or organisation.
import { sql } from 'kysely';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makePerson, PASSWORD } from '../api/browser.ts';
import { seedConfig } from '../api/seed.ts';
import { type Hub, openHub } from './ground.ts';

let hub: Hub;
let north: string;
beforeAll(async () => {
  hub = await openHub();
  const { db, ours, theirs } = hub.api;
  const { type, url, credentials } = hub.keitaro;
  const { json } = await hub.api.ask('POST', '/api/v1/trackers', { body: { type, name: 'North', url, credentials } });
  north = json.id;
  await hub.work();
  const synced = (minutes: number) => {
    const at = new Date(Date.now() - minutes * 60_000);
    return { first_synced_at: at, last_synced_at: at };
  };
  await seedConfig(db, ours.organizationId, { name: 'Late', ...synced(46) });
  const sums = await seedConfig(db, ours.organizationId, { name: 'Sums', ...synced(1) });
  await db
    .updateTable('tracker_resource')
    .set({ state: 'unavailable', reason: 'gives no click log' })
    .where('tracker_config_id', '=', sums)
    .where('resource', '=', 'clicks')
    .execute();
  await seedConfig(db, theirs.organizationId, { name: 'Foreign', ...synced(1) });
});
afterAll(() => hub.end());

const pages = (page: Page) => page.getByRole('navigation', { name: 'Pages' });
const row = (page: Page, name: string) => page.getByRole('row', { name: new RegExp(name) });
const dayBefore = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
const dayWords = (day: string): string =>
  new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(new Date(day));

test('three intervals without a cycle are stale, and a log that is not given is said; the calls are shown to admins', async () => {
  const page = await hub.signedIn('admin');
  // A phone's row tells it a second time.
  const said = (name: string, text: string) =>
    row(page, name).getByText(text, { exact: true }).filter({ visible: true });
  await said('Late', 'Synced 46 min ago').waitFor();
  await said('Sums', 'Synced · no click log').waitFor();
  for (const name of ['Late', 'Sums', 'North'])
    expect(await said(name, 'Stale').count(), name).toBe(name === 'Late' ? 1 : 0);

  await page.goto(`/trackers/${north}`);
  const calls = page.getByRole('table', { name: 'Calls to the tracker' }).getByRole('row');
  await calls.nth(1).waitFor();
  const [latest] = (await hub.api.ask('GET', `/api/v1/trackers/${north}/requests?limit=10`)).json.items;
  expect(await calls.count()).toBe(11);
  expect(await calls.nth(1).textContent()).toContain(String(latest.status));
  await page.getByRole('link', { name: 'All of them' }).click();
  await page
    .getByRole('table', { name: 'Calls to the trackers' })
    .getByRole('row', { name: /North/ })
    .first()
    .waitFor();
  const manager = await hub.signedIn('manager', `/trackers/${north}`);
  await manager.getByRole('heading', { name: 'North' }).waitFor();
  expect(await manager.getByRole('heading', { name: 'Calls to the tracker' }).count()).toBe(0);
});

test('a day that differs has its mark and both figures; a day that is being read pulses, unless nothing is to move', async () => {
  const { db } = hub.api;
  const [wrong, busy] = [dayBefore(2), dayBefore(25)];
  await sql`update reconciliation_day set state = 'differs' where day = ${wrong}::date`.execute(db);
  await sql`update reconciliation_figure set their_clicks = our_clicks + 7 where day = ${wrong}::date`.execute(db);
  await sql`update run set state = 'running', finished_at = null where kind = 'backfill'`.execute(db);
  await sql`update sync_window set state = 'running' from run where run.id = run_id and run.kind = 'backfill'
    and from_at < ${busy}::date + 1 and to_at > ${busy}::date`.execute(db);

  const page = await hub.signedIn('viewer', `/trackers/${north}`);
  const cells = page.getByRole('main').getByRole('group', { name: /30 of 30 days are in, .*1 different/ });
  const differs = cells.getByRole('img', { name: new RegExp(`^${dayWords(wrong)} .* · differs from the tracker$`) });
  await differs.waitFor();
  const [, ours, theirs] = /clicks ([\d,]+), the tracker says ([\d,]+)/.exec(
    (await differs.getAttribute('aria-label'))!,
  )!;
  const numberOf = (text: string) => Number(text.replaceAll(',', ''));
  expect(numberOf(theirs!)).toBeGreaterThan(numberOf(ours!));
  const reading = cells.getByRole('img', { name: new RegExp(`^${dayWords(busy)} · .*being read`) });
  await reading.waitFor();
  const mark = (cell: typeof differs) => cell.locator('path').getAttribute('d');
  expect(await mark(differs)).not.toBe(await mark(reading));
  const look = (cell: typeof differs) =>
    cell.evaluate((one: { getAnimations(): unknown[] }) => ({
      outline: (globalThis as unknown as { getComputedStyle(of: unknown): { outlineStyle: string } }).getComputedStyle(
        one,
      ).outlineStyle,
      moves: one.getAnimations().length > 0,
    }));
  expect(await look(reading)).toEqual({ outline: 'solid', moves: true });
  expect(await look(differs)).toEqual({ outline: 'none', moves: false });
  await page.emulateMedia({ reducedMotion: 'reduce' });
  expect(await look(reading)).toEqual({ outline: 'solid', moves: false });
  expect(await page.evaluate('document.getAnimations().length')).toBe(0);
  await page.goto('/trackers');
  await row(page, 'North')
    .getByRole('img', { name: /1 different from the tracker/ })
    .waitFor();
});

test('the rail has words from 1,100 pixels, icons below, and is a drawer under 640', async () => {
  const page = await hub.signedIn('viewer', '/trackers', { width: 1_100 });
  const link = pages(page).getByRole('link', { name: 'Analytics' });
  const words = link.getByText('Analytics');
  await words.waitFor();
  const widths: number[] = [];
  for (const width of [1_100, 1_099, 640]) {
    await page.setViewportSize({ width, height: 900 });
    widths.push((await pages(page).boundingBox())!.width);
    expect(await words.isVisible(), `words at ${width}`).toBe(width === 1_100);
  }
  expect(widths.map((width) => width > 100)).toEqual([true, false, false]);
  await link.hover();
  await page.getByRole('tooltip', { name: 'Analytics' }).waitFor();

  await page.setViewportSize({ width: 639, height: 900 });
  await pages(page).waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: 'Open the menu' }).click();
  const drawer = page.getByRole('dialog', { name: 'Tracker Hub' });
  await drawer.getByRole('link', { name: 'Analytics' }).click();
  await page.getByRole('heading', { level: 1, name: 'Analytics' }).waitFor();
  await drawer.waitFor({ state: 'hidden' });
});

test('a mediabuyer may sync now, and not pause', async () => {
  const page = await hub.signedIn('mediabuyer', `/trackers`);
  hub.api.woken.length = 0;
  await page.getByRole('button', { name: 'Actions for Late' }).click();
  await page.getByRole('menuitem', { name: 'Sync now' }).waitFor();
  expect(await page.getByRole('menuitem').allInnerTexts()).toEqual(['Sync now']);
  await page.getByRole('menuitem', { name: 'Sync now' }).click();
  await page.getByText('Reading what is new.').waitFor();
  expect(hub.api.woken).toHaveLength(1);
  await row(page, 'Late').click();
  const main = page.getByRole('main');
  await main.getByRole('button', { name: 'Sync now' }).waitFor();
  for (const name of ['Pause', 'Resume', 'Test connection'])
    expect(await main.getByRole('button', { name }).count(), name).toBe(0);
});

test('another organisation is chosen: its trackers, the role one has there, and so after a reload', async () => {
  const { db, ours, theirs } = hub.api;
  const roles = { [ours.organizationId]: 'manager', [theirs.organizationId]: 'viewer' } as const;
  await makePerson(db, 'both@example.com', { roles });
  const page = await hub.open('/trackers');
  await page.getByLabel('E-mail').fill('both@example.com');
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.keyboard.press('Enter');
  await row(page, 'North').waitFor();
  await page.getByRole('button', { name: 'Connect tracker' }).waitFor();
  const choose = async (from: string, to: string) => {
    await page.getByRole('banner').getByRole('button', { name: from }).click();
    await page.getByRole('menuitem', { name: to }).click();
  };
  await choose('ours', 'theirs');
  await row(page, 'Foreign').waitFor();
  expect(await row(page, 'North').count()).toBe(0);
  expect(await page.getByRole('button', { name: 'Connect tracker' }).count()).toBe(0);
  await page.reload();
  await row(page, 'Foreign').waitFor();
  await choose('theirs', 'ours');
  await row(page, 'North').waitFor();
  expect(await row(page, 'Foreign').count()).toBe(0);
});

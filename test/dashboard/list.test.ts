// The list of trackers: what has changed since yesterday, how far a long first sync is, and what is told at each width.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seedClicks, seedConfig, seedConversions } from '../api/seed.ts';
import { type Hub, openHub } from './ground.ts';

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;

let hub: Hub;
let large: string;
const ago = (ms: number) => new Date(Date.now() - ms).toISOString();

beforeAll(async () => {
  hub = await openHub();
  const { db, ours } = hub.api;
  const { organizationId } = ours;
  const synced = ago(20 * MINUTE);
  const [even = '', double = ''] = await Promise.all(
    ['Even', 'Double'].map(async (name) => {
      const times = {
        ...{ first_synced_at: ago(3 * DAY), last_synced_at: synced, backfill_from: ago(30 * DAY) },
        next_sync_at: new Date(Date.now() + 20 * MINUTE),
      };
      const configId = await seedConfig(db, organizationId, { name, ...times });
      await db
        .updateTable('tracker_resource')
        .set({ read_to: synced })
        .where('tracker_config_id', '=', configId)
        .execute();
      return configId;
    }),
  );
  // One a minute, all of both days, until it was read last.
  const every = (from: number, to: number) =>
    Array.from({ length: Math.ceil((to - from) / MINUTE) }, (_, i) => ({
      clicked_at: new Date(from + i * MINUTE).toISOString(),
    }));
  const midnight = Math.floor(Date.now() / DAY) * DAY;
  const known = Date.parse(synced);
  const yesterday = every(midnight - DAY, midnight);
  const today = every(midnight, known);
  await seedClicks(db, { configId: even, organizationId }, [...yesterday, ...today]);
  await seedClicks(db, { configId: double, organizationId }, [...yesterday, ...today, ...today]);
  await seedConversions(db, { configId: even, organizationId }, [
    { converted_at: ago(MINUTE), clicked_at: ago(MINUTE), raw_status: 'sale', revenue: '1000140' },
  ]);
  large = await seedConfig(db, organizationId, {
    ...{ name: 'Large', created_at: new Date(ago(60 * MINUTE)), settings: JSON.stringify({ backfillDays: 60 }) },
    ...{ backfill_from: ago(60 * DAY), backfill_to: ago(60 * MINUTE), catalog_read_at: ago(50 * MINUTE) },
  });
  const { id: runId } = await db
    .insertInto('run')
    .values({
      ...{ organization_id: organizationId, tracker_config_id: large, kind: 'backfill', state: 'running' },
      started_at: ago(50 * MINUTE),
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await db
    .insertInto('sync_window')
    .values(
      Array.from({ length: 60 }, (_, i) => ({
        ...{ organization_id: organizationId, tracker_config_id: large, run_id: runId, resource: 'clicks' },
        ...{ from_at: new Date(midnight - i * DAY), to_at: new Date(midnight - (i - 1) * DAY) },
        state: i < 24 ? 'done' : 'planned',
      })),
    )
    .execute();
});
afterAll(() => hub.end());

test('of a tracker that was read a while ago, even traffic is no change', async () => {
  const page = await hub.signedIn('viewer');
  const change = (name: string) =>
    page.getByRole('row', { name: new RegExp(name) }).getByTitle('Against the same time yesterday');
  await expect.poll(() => change('Double').allInnerTexts(), { timeout: 10_000 }).toEqual(['+100 %']);
  expect(await change('Even').count()).toBe(0);
});

test('a long first sync counts the days of its history, in the list and on its page', async () => {
  const page = await hub.signedIn('viewer');
  await page.getByText('Large tracker: 24 of 60 days in, newest first').filter({ visible: true }).waitFor();
  await page.setViewportSize({ width: 390, height: 844 });
  const told = page.getByText('Large tracker: 24 of 60 days in, newest first').filter({ visible: true });
  const isCut = (of: { scrollWidth: number; clientWidth: number; scrollHeight: number; clientHeight: number }) =>
    of.scrollWidth > of.clientWidth || of.scrollHeight > of.clientHeight;
  await told.waitFor();
  expect(await told.locator('..').evaluate(isCut), 'cut on a phone').toBe(false);
  await page.goto(`/trackers/${large}`);
  await page.getByText('Large tracker: 24 of 60 days in, newest first').waitFor();
  await page.getByRole('group', { name: '24 of 60 days are in' }).waitFor();
});

test.each([390, 1_100])('%i pixels wide, conversions and the menu are there too', async (width) => {
  const page = await hub.signedIn('manager', '/trackers', { width });
  const row = page.getByRole('row', { name: /Even/ });
  await row.getByText('1 conversion').filter({ visible: true }).waitFor();
  await row.getByRole('button', { name: 'Actions for Even' }).click({ trial: true });
  await row
    .getByText(/^Synced 20 min/)
    .filter({ visible: true })
    .hover();
  await page.getByRole('tooltip', { name: /^Synced .* UTC, next (now|in|\d)/ }).waitFor();
  await row
    .getByText(/^Next sync/)
    .filter({ visible: true })
    .waitFor();
});

test('what a test found out is of that tracker, and of its connection as it was; a typed name is not kept', async () => {
  const { db, ours } = hub.api;
  const refused = { kind: 'auth', message: 'Refused', hint: '', at: ago(MINUTE) };
  const blocked = { blocked_kind: 'auth', last_error: JSON.stringify(refused) };
  const [south = ''] = await Promise.all(
    ['South', 'North'].map((name) => seedConfig(db, ours.organizationId, { name, ...blocked })),
  );
  const page = await hub.signedIn('manager', `/trackers/${south}`);
  const error = { kind: 'auth', message: 'South is closed', hint: null };
  await page.route('**/trackers/*/test', (route) => route.fulfill({ json: { ok: false, error } }));
  const outcome = page.getByText('South is closed');
  const heading = (name: string) => page.getByRole('heading', { name, exact: true });
  const test = async () => {
    await heading('South').waitFor();
    await page.getByRole('button', { name: 'Test connection' }).click();
    await outcome.waitFor();
  };
  await test();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('North');
  await page.getByRole('dialog').getByText('North').first().click();
  await heading('North').waitFor();
  expect(await outcome.count()).toBe(0);
  await page.goBack();
  await test();
  await hub.api.ask('PATCH', `/api/v1/trackers/${south}`, { body: { name: 'South 2' } });
  await heading('South 2').waitFor();
  expect(await outcome.count()).toBe(0);

  const typed = page.getByLabel('Type “South 2” to confirm');
  const ask = async () => {
    await page.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Delete…' }).click();
    await typed.waitFor();
  };
  await ask();
  await typed.fill('South 2');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await typed.waitFor({ state: 'detached' });
  await ask();
  expect(await typed.inputValue()).toBe('');
});

// The conversions as people look for them: by status, tracker and id, each with its story; and what moved since.
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { add } from '../../src/core/decimal.ts';
import { DAY_MS } from '../../src/core/windows.ts';
import { clock, dayOf, money } from '../../src/dashboard/app/format.ts';
import { expectAccessible } from './accessible.ts';
import { type Hub, openHub } from './ground.ts';

const SOON = { timeout: 15_000 };

let hub: Hub;

let configId: string;

beforeAll(async () => {
  hub = await openHub();
  const { type, url, credentials } = hub.keitaro;
  const { json } = await hub.api.ask('POST', '/api/v1/trackers', { body: { type, name: 'North', url, credentials } });
  configId = json.id;
  await hub.work();
});
afterAll(() => hub.end());

const list = async (query = '') => (await hub.api.ask('GET', `/api/v1/conversions?limit=1000&${query}`)).json.items;

test('conversions are narrowed, the address says how, and one opens its story', async () => {
  const page = await hub.signedIn('viewer', '/conversions?range=last30');
  const table = page.getByRole('table', { name: 'Conversions' });
  const rows = table.getByRole('row');
  const all = await list();
  await expect.poll(() => table.getAttribute('aria-rowcount'), SOON).toBe(String(all.length + 1));
  await page.getByRole('combobox', { name: 'Status' }).click();
  await page.getByRole('option', { name: 'Pending' }).click();
  const pending = await list('status=pending');
  expect(pending.length).toBeGreaterThan(0);
  expect(pending.length).toBeLessThan(all.length);
  await expect.poll(() => table.getAttribute('aria-rowcount'), SOON).toBe(String(pending.length + 1));
  expect(new URL(page.url()).searchParams.get('status')).toBe('pending');
  const same = await hub.signedIn('viewer', page.url().replace(hub.address, ''));
  await expect
    .poll(() => same.getByRole('table', { name: 'Conversions' }).getAttribute('aria-rowcount'), SOON)
    .toBe(String(pending.length + 1));

  const [one] = all.filter(({ status }: { status: string }) => status === 'approved');
  await page.goto('/conversions?range=today');
  await page.getByLabel('Search by id').fill(one.clickExternalId);
  await page.getByText('An id is looked for on all days.').waitFor();
  await rows.filter({ hasText: one.clickExternalId }).first().focus();
  await page.keyboard.press('Enter');
  const panel = page.getByRole('dialog', { name: 'Conversion' });
  await panel.getByText(one.externalId, { exact: true }).waitFor();
  const story = panel.getByRole('list', { name: 'What happened, in order' });
  await story.getByText(`The tracker says “${one.rawStatus}”`).waitFor();
  expect(new URL(page.url()).searchParams.get('id')).toBe(one.id);
  await page.goBack();
  await panel.waitFor({ state: 'hidden' });

  await page.goto('/conversions?q=nothing-like-that');
  await page.getByRole('heading', { name: 'No conversion fits' }).waitFor();
});

test('what is listed adds up, by status; times are of the zone in which the days begin', async () => {
  const zone = 'Asia/Kathmandu';
  const page = await hub.signedIn('viewer', `/conversions?range=last30&tz=${zone}`);
  const totals = page.getByLabel('Totals');
  const all: Sale[] = await list();
  const approved = all.filter(({ status }) => status === 'approved');
  const sum = approved.reduce((before, { revenue }) => add(before, revenue), '0');
  await totals.getByText(`Conversions${all.length}`).waitFor();
  await totals.getByText(`Approved${approved.length}${money(sum, 'USD')}`).waitFor();
  expect(await totals.getByRole('definition').count()).toBe(1 + new Set(all.map(({ status }) => status)).size);
  const first = page.getByRole('table', { name: 'Conversions' }).getByRole('row').nth(1);
  const { convertedAt } = all[0]!;
  await first.getByText(clock(convertedAt, zone)).first().waitFor();
  expect(clock(convertedAt, zone)).not.toBe(clock(convertedAt, 'UTC'));
  const elsewhere = await hub.signedIn('viewer', page.url().replace(hub.address, ''), { zone: 'America/New_York' });
  await elsewhere
    .getByRole('row')
    .filter({ hasText: clock(convertedAt, zone) })
    .first()
    .click();
  const panel = elsewhere.getByRole('dialog', { name: 'Conversion' });
  await panel.getByText(`Asia/Kathmandu · ${convertedAt.slice(0, 16).replace('T', ' ')} UTC`).waitFor();
  const moments = panel.getByRole('list', { name: 'What happened, in order' }).locator('time');
  await moments
    .filter({ hasText: clock(convertedAt, zone) })
    .first()
    .hover();
  await elsewhere.getByRole('tooltip', { name: /Asia\/Kathmandu · .* UTC$/ }).waitFor();
  await page.goto('/conversions?range=last30&status=pending');
  await totals.getByText(`Conversions${all.filter(({ status }) => status === 'pending').length}`).waitFor();
});

test('what is listed is saved as a file', async () => {
  const page = await hub.signedIn('viewer', '/conversions?range=last30&status=pending');
  await page.getByRole('table', { name: 'Conversions' }).waitFor();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'CSV' }).click(),
  ]);
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
  const lines = Buffer.concat(chunks).toString().trim().split('\r\n');
  expect(lines).toHaveLength((await list('status=pending')).length + 1);
});

test('what moved: a sale of a past day that the tracker took back, by how much, and its story', async () => {
  const quiet = await hub.signedIn('viewer', '/what-moved');
  await quiet.getByRole('heading', { name: 'No past day has moved since' }).waitFor();
  const midnight = new Date(Date.UTC(...utcDay())).toISOString();
  const [sale] = (await list(`status=approved&to=${midnight}`)).filter(
    ({ clickedAt, revenue }: Sale) => clickedAt < midnight && Number(revenue) > 0,
  ) as Sale[];
  const { raw } = await hub.api.db
    .selectFrom('conversion')
    .select('raw')
    .where('id', '=', sale!.id)
    .executeTakeFirstOrThrow();
  const ids = [Number(raw.conversion_id)];
  await hub.ledger.overlay({ kind: 'setConversions', ids, status: 'rejected', revenue: '0' });
  const from = new Date(Date.parse(midnight) - 4 * 86_400_000).toISOString();
  await hub.api.ask('POST', `/api/v1/trackers/${configId}/resync`, { body: { from, to: midnight } });
  await hub.work();

  const page = await hub.signedIn('viewer', '/what-moved?since=today');
  const day = page.getByRole('region').filter({ has: page.getByRole('table') });
  const told = `\u2212$${Number(sale!.revenue).toFixed(2)}`;
  await day.getByRole('definition').filter({ hasText: told }).first().waitFor();
  const row = day.getByRole('row', { name: /Approved.*became.*Taken back/ });
  await row.filter({ hasText: told }).focus();
  await page.keyboard.press('Enter');
  const story = page.getByRole('dialog').getByRole('list', { name: 'What happened, in order' });
  await story.getByText('The tracker says “rejected”').waitFor();
  await story.getByText(`The tracker says “${sale!.rawStatus}”`).waitFor();
});

test('a day whose uploaded spend alone was changed has moved too; it belongs to no tracker', async () => {
  const day = new Date(Date.UTC(...utcDay()) - 50 * DAY_MS).toISOString().slice(0, 10);
  const put = (spend: string, currency: string) =>
    hub.api.ask('PUT', '/api/v1/ads', { body: [{ adId: `a-${currency}`, platform: 'meta', day, spend, currency }] });
  await put('100', 'USD');
  await put('3', 'EUR');
  await sql`update ad_spend_change set seen_at = now() - interval '40 days'`.execute(hub.api.db);
  await put('130.5', 'USD');
  await put('2', 'EUR');
  const page = await hub.signedIn('viewer', '/what-moved?since=today');
  const moved = page.getByRole('region', { name: dayOf(day) });
  await moved.waitFor();
  const told = async () =>
    (await moved.getByRole('definition').allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' '));
  expect(await told()).toEqual(['€3.00 → €2.00 −€1.00', '$100.00 → $130.50 +$30.50']);
  expect(await moved.getByRole('table').count()).toBe(0);
  const whose = page.getByText('uploaded spend of the whole organisation');
  expect(await whose.count()).toBe(0);
  await page.goto(`/what-moved?since=today&configId=${configId}`);
  await whose.waitFor();
  await moved.getByText('$130.50').waitFor();
  // Of a currency with several lines, what all of them moved.
  const more = { adId: 'b', platform: 'google', day, currency: 'USD' };
  await hub.api.ask('PUT', '/api/v1/ads', { body: [{ ...more, spend: '0.1' }] });
  await sql`update ad_spend_change set seen_at = now() - interval '40 days' where external_id = 'b'`.execute(
    hub.api.db,
  );
  await hub.api.ask('PUT', '/api/v1/ads', { body: [{ ...more, spend: '10.3' }] });
  await page.reload();
  await moved.getByText('Cost in all').waitFor();
  expect((await told())[0]).toBe('$100.10 → $140.80 +$40.70');
});

test('since a time of one’s own, as the address has it', async () => {
  const page = await hub.signedIn('viewer', '/what-moved?since=days3');
  await page.getByText('Own time').click();
  await page.waitForURL(/since=[\d-]+T[\d:%A-F]+Z/);
  const field = page.getByLabel('Since this time');
  const wanted = new Date(Math.floor(Date.now() / 60_000) * 60_000 - 5 * 3_600_000);
  const asked = page.waitForRequest(
    (request) => new URL(request.url()).searchParams.get('since') === wanted.toISOString(),
  );
  const local = await page.evaluate<string>(
    `(at => new Date(at - new Date(at).getTimezoneOffset() * 60000).toISOString().slice(0, 16))(${wanted.getTime()})`,
  );
  await field.fill(local);
  await asked;
  await page.reload();
  await expect.poll(() => field.inputValue(), SOON).toBe(local);
  await field.fill(`2099${local.slice(4)}`);
  await page.getByText('That is yet to come.').waitFor();
  expect(new URL(page.url()).searchParams.get('since')).toBe(`${wanted.toISOString().slice(0, 16)}Z`);
});

interface Sale {
  id: string;
  status: string;
  convertedAt: string;
  rawStatus: string;
  clickedAt: string;
  revenue: string;
}

const utcDay = (): [number, number, number] => {
  const now = new Date();
  return [now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()];
};

test.each(['light', 'dark'] as const)('axe finds nothing serious, in the %s', async (scheme) => {
  const [{ id, clickExternalId }] = await list('status=approved');
  const path = `/conversions?q=${clickExternalId}`;
  const as = { role: 'viewer', scheme } as const;
  const threeDaysAgo = `${new Date(Date.now() - 3 * 86_400_000).toISOString().slice(0, 16)}Z`;
  await expectAccessible(hub, { ...as, path, text: 'Revenue' });
  await expectAccessible(hub, { ...as, path: `${path}&id=${id}`, text: 'The tracker says' });
  await expectAccessible(hub, { ...as, path: `/what-moved?since=${threeDaysAgo}`, text: 'Approved revenue' });
});

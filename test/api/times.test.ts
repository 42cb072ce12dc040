// Every route that takes a time answers at the borders of what can be stored and told, with any offset.
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Harness, startHarness } from './harness.ts';
import { seedCampaign, seedClicks, seedConfig, seedConversions } from './seed.ts';

let api: Harness;
let config: string;
beforeAll(async () => {
  api = await startHarness();
  const { organizationId } = api.ours;
  config = await seedConfig(api.db, organizationId, { first_synced_at: new Date('2026-01-01T00:00:00Z') });
  const owner = { configId: config, organizationId };
  await seedCampaign(api.db, owner, '1');
  await seedClicks(api.db, owner, [{ clicked_at: '2026-11-02T10:00:00Z', campaign_external_id: '1' }]);
  await seedConversions(api.db, owner, [{ converted_at: '2026-11-02T11:00:00Z', raw_status: 'sale', revenue: '5' }]);
  await sql`insert into ad (organization_id, level, external_id, platform) values (${organizationId}, 'ad', 'a', 'p')`.execute(
    api.db,
  );
  await sql`insert into ad_spend (organization_id, level, external_id, day, amount, currency)
    values (${organizationId}, 'ad', 'a', '2200-12-31', 1, 'USD')`.execute(api.db);
});
afterAll(() => api.end());

const RANGES = [
  ['9999-12-30T00:00:00Z', '9999-12-31T23:59:59-23:59'],
  ['9999-12-31T23:59:59-23:58', '9999-12-31T23:59:59-23:59'],
  ['9999-12-30T00:00:00Z', '9999-12-31T23:59:59.999Z'],
  ['0000-01-01T00:00:00+23:59', '0000-01-02T00:00:00Z'],
  ['0001-01-01T00:00:00Z', '0001-01-05T00:00:00+23:59'],
  ['1900-01-01T00:00:00Z', '1900-01-02T00:00:00-23:59'],
  ['1899-12-31T23:59:59Z', '1900-01-02T00:00:00Z'],
  ['2200-12-30T00:00:00Z', '2201-01-02T00:00:00Z'],
] as const;
const CORNERS: Readonly<Record<string, readonly string[]>> = {
  '/api/v1/reports': [
    'groupBy=hour,day,ad,status&compare=previous&currency=EUR&tz=Asia/Kathmandu',
    'groupBy=week,month,ad&by=conversion&tz=Pacific/Kiritimati',
  ],
  '/api/v1/reports/paths': ['tz=Pacific/Kiritimati&currency=EUR'],
  '/api/v1/changes': ['tz=Pacific/Kiritimati&by=conversion'],
  '/api/v1/audit-log': ['source=tracker'],
  '/api/v1/reconciliation': ['groupBy=campaign', 'groupBy=config'],
};

/** As the document names them, which routes take a time or a day. */
async function timedRoutes() {
  const { paths } = (await api.ask('GET', '/openapi.json')).json as {
    paths: Record<string, { get?: { parameters?: { name: string; in: string }[] } }>;
  };
  return Object.entries(paths).flatMap(([path, { get }]) => {
    const names = (get?.parameters ?? []).filter(({ in: place }) => place === 'query').map(({ name }) => name);
    const times = names.filter((name) => ['from', 'to', 'since', 'until', 'before', 'after'].includes(name));
    return times.length === 0 ? [] : [{ path, times }];
  });
}

test('no route fails at the borders of years, nor tells what breaks its schema', async () => {
  const routes = await timedRoutes();
  expect(routes.map(({ path }) => path)).toEqual(
    expect.arrayContaining([...Object.keys(CORNERS), '/api/v1/clicks', '/api/v1/conversions', '/api/v1/rates']),
  );
  const seen = new Set<number>();
  for (const { path, times } of routes) {
    for (const [from, to] of RANGES) {
      const range = times.map((name) => `${name}=${encodeURIComponent(name === 'to' ? to : from)}`).join('&');
      for (const corner of ['', ...(CORNERS[path] ?? [])]) {
        const asked = `${path.replaceAll(/\{\w+\}/g, config)}?${range}&${corner}`;
        const { status, text } = await api.ask('GET', asked.replace(/&$/, ''));
        expect([200, 400], `${asked} ${text}`).toContain(status);
        seen.add(status);
      }
    }
  }
  expect(seen).toEqual(new Set([200, 400]));
});

test('a time beyond is refused by name', async () => {
  const { json } = await api.ask('GET', '/api/v1/changes?since=9999-12-31T23:59:59-23:58');
  expect(json.errors).toEqual([{ path: 'since', message: 'must be a time from 1900 to 9999, by UTC' }]);
  const body = { from: '0001-01-01T00:00:00Z', to: '2026-11-01T00:00:00Z' };
  const resync = await api.ask('POST', `/api/v1/trackers/${config}/resync`, { body });
  expect(resync.json.errors[0]).toMatchObject({ path: 'from', message: 'must be a time from 1900 to 9999, by UTC' });
});

// What a report is asked for: a value that cannot be is refused by name, and how fresh it is, is told of its own trackers.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RANGE, type ReportGround, startReportGround } from './report-ground.ts';
import { seedConfig } from './seed.ts';

let ground: ReportGround;
let voluum: string;
beforeAll(async () => {
  ground = await startReportGround();
  const { db, ours } = ground.api;
  voluum = await seedConfig(db, ours.organizationId, { name: 'Voluum', type: 'voluum' });
  const read = { read_to: '2026-11-07T00:00:00Z' };
  await db.updateTable('tracker_resource').set(read).where('tracker_config_id', '=', ground.config).execute();
});
afterAll(() => ground.api.end());

test.each([
  ['filter.status', 'nonsense', 'must be one of approved, pending, rejected, hold'],
  ['filter.status', '', 'must be one of approved'],
  ['filter.trackerType', 'zzz', 'must be one of keitaro'],
  ['filter.trackerType', 'toString', 'must be one of keitaro'],
])('%s=%s is refused', async (field, value, message) => {
  for (const path of ['reports', 'reports/paths']) {
    const asked = `/api/v1/${path}?${RANGE}&${field}=approved&${field}=${value}`.replace(
      'Type=approved',
      'Type=voluum',
    );
    const { status, json } = await ground.api.ask('GET', asked);
    expect([status, json.errors?.[0].path], path).toEqual([400, field]);
    expect(json.errors[0].message).toContain(message);
  }
});

test('who is behind is one of those that the report speaks of, whichever filters say so', async () => {
  const { report, config, euro } = ground;
  const asOf = '2026-11-07T00:00:00.000Z';
  expect((await report(RANGE)).behind.toSorted()).toEqual([euro, voluum].toSorted());
  expect((await report(`${RANGE}&filter.trackerType=voluum`)).behind).toEqual([voluum]);
  expect(await report(`${RANGE}&filter.trackerType=keitaro&configId=${config}`)).toMatchObject({ asOf, behind: [] });
  // Both filters at once: what both allow.
  const both = `configId=${config}&configId=${euro}&filter.config=${config}&filter.config=${voluum}`;
  expect(await report(`${RANGE}&${both}`)).toMatchObject({ asOf, behind: [] });
  expect(await report(`${RANGE}&configId=${euro}&filter.config=${config}`)).toMatchObject({ asOf: null, behind: [] });
});

test('a CSV says in its headers up to when all is in and who is behind, and has no line of it', async () => {
  const { api, config, euro } = ground;
  const csv = async (query: string) => {
    const headers = { accept: 'text/csv' };
    const answer = await api.ask('GET', `/api/v1/reports?${RANGE}&groupBy=campaign${query}`, { headers });
    const told = ['x-as-of', 'x-behind', 'x-behind-count'].map((name) => answer.headers.get(name));
    return { told, lines: answer.text.trim().split('\r\n') };
  };
  const all = await csv('');
  expect(all.told).toEqual(['2026-11-07T00:00:00.000Z', `${euro},${voluum}`, '2']);
  expect(all.lines[0]).toMatch(/^campaign,campaignExternalId,isRest,currency,/);
  expect(all.lines.join()).not.toContain(voluum);
  expect((await csv(`&configId=${config}`)).told).toEqual(['2026-11-07T00:00:00.000Z', '', '0']);
  expect((await csv('&filter.trackerType=voluum')).told).toEqual([null, voluum, '1']);
  const { headers } = await api.ask('GET', `/api/v1/reports?${RANGE}`);
  expect(headers.get('x-behind-count')).toBe('2');
});

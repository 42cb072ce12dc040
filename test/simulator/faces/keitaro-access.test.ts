// Who is let in: right and wrong keys, rotated ones, keys with fewer rights, and paths outside of the API.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startPanel } from '../control-panel.ts';

let fake: Awaited<ReturnType<typeof startPanel>>;
beforeAll(async () => {
  fake = await startPanel();
});
afterAll(() => fake.stop());

const statusOf = async (log: 'clicks' | 'conversions') =>
  (await fake.panel.askLog(log, { from: '2026-03-05', to: '2026-03-05', columns: ['sub_id'], limit: 1 })).status;

describe('keys and rights', () => {
  test('a wrong or missing key is 401 with an error, and the log says which without keeping the key', async () => {
    await fake.control.clearRequests();
    for (const key of ['not-the-key-at-all', '']) {
      const answer = await fetch(`${fake.access.url}/admin_api/v1/offers`, { headers: { 'api-key': key } });
      expect(answer.status).toBe(401);
      expect(await answer.json()).toEqual({ error: expect.any(String) });
    }
    const requests = await fake.control.requests();
    expect(requests.map(({ credential, status }) => [credential, status])).toEqual([
      ['wrong', 401],
      ['missing', 401],
    ]);
    expect(JSON.stringify(requests)).not.toContain('not-the-key-at-all');
  });

  test('a rotated key replaces the old one', async () => {
    await fake.control.change({ apiKey: 'a-new-key' });
    expect((await fake.panel.get('/offers')).status).toBe(401);
    await fake.control.change({ apiKey: fake.access.apiKey });
    expect((await fake.panel.get('/offers')).status).toBe(200);
  });

  test('single resources can be denied', async () => {
    await fake.control.change({ keitaro: { deny: { flows: 403, clicks: 402, totals: 402 } } });
    expect((await fake.panel.get('/campaigns/1/streams')).status).toBe(403);
    expect(await statusOf('clicks')).toBe(402);
    expect(await statusOf('conversions')).toBe(200);
    expect((await fake.panel.get('/campaigns')).status).toBe(200);
    await fake.control.change({ keitaro: { deny: {} } });
    expect((await fake.panel.get('/campaigns/1/streams')).status).toBe(200);
  });

  test('a traffic domain answers an HTML 404, an unknown route a JSON one', async () => {
    for (const path of ['', '/', '/click.php', '/api/v1/campaigns']) {
      const answer = await fetch(fake.access.url + path, { headers: { 'api-key': fake.access.apiKey } });
      expect([answer.status, answer.headers.get('content-type')]).toEqual([404, expect.stringContaining('text/html')]);
    }
    const unknown = await fake.panel.get('/nothing');
    expect([unknown.status, await unknown.json()]).toEqual([404, { error: expect.any(String) }]);
    expect((await fake.panel.get('/campaigns/99999/streams')).status).toBe(404);
  });
});

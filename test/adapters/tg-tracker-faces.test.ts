// TG Tracker against its two faces where they misbehave: pages that repeat, rows that come in between, a resource refused.
import { afterEach, describe, expect, test } from 'vitest';
import { pullCatalog } from '../../src/adapters/pull-catalog.ts';
import { testConnection } from '../../src/adapters/test-connection.ts';
import { tgTracker } from '../../src/adapters/tg-tracker.ts';
import { needlesFor, Search, toldHits } from '../leaks/search.ts';
import { readCatalog, readWindow } from './reads.ts';
import { connectionTo, startFace, type TgFace, tells } from './tg-faces.ts';
import { difference, NO_DIFFERENCE, truthOf } from './truth-records.ts';
import { closedPort } from './wire.ts';

const ANCHOR = '2026-03-30T00:00:00Z';
const LEDGER = { anchorAt: ANCHOR, frozenAt: ANCHOR, days: 2, clicks: 700, conversions: 320 };
const WINDOW = { from: new Date('2026-03-28T00:00:00Z'), to: new Date('2026-03-29T12:00:00Z') };
const LOG_PATHS: Record<TgFace, string> = { tg_tracker: '/api/v1/clicks', altercpa: '/clicks/list' };
const PLANTED = 'pl4nted/Qx+9~zWk2vT8';

let face: Awaited<ReturnType<typeof startFace>>;
afterEach(() => face.stop());

describe.each(['tg_tracker', 'altercpa'] as const)('%s', (name) => {
  const start = async (options: object = {}, settings: object = { pageSize: 50 }) => {
    face = await startFace(name, { ...LEDGER, [name]: options }, settings);
    return face;
  };

  test.each<[string, object]>([
    ['with a total', {}],
    ['without one, of fewer rows than asked', { total: 'missing', maxPageSize: 30 }],
  ])('a page that repeats is a contradiction, not a loss: %s', async (_, options) => {
    const { ledger, session } = await start(options);
    const match = { path: LOG_PATHS[name], nth: 2 };
    await ledger.addFault({ match, fault: { kind: 'duplicatedPage' } });
    await expect(readWindow(session, 'clicks', WINDOW)).rejects.toMatchObject({ kind: 'bad_answer' });
    const { records } = await readWindow(session, 'clicks', WINDOW);
    const truth = await truthOf(ledger, 'clicks', WINDOW, tells(name));
    expect(difference(records, truth, Object.keys(truth[0]!))).toEqual(NO_DIFFERENCE);
  });

  test('a tracker that gives its first page for ever ends in words', async () => {
    const { session } = await start({ ignoresPaging: true });
    await expect(readWindow(session, 'clicks', WINDOW)).rejects.toThrow('the same page came twice');
  });

  test('a range whose end is given too gives no row a second key', async () => {
    const { ledger, session } = await start({ endsInclusive: true });
    const [first] = await truthOf(ledger, 'clicks', WINDOW, tells(name));
    const at = (first as { clickedAt: Date }).clickedAt;
    const parts = [
      await readWindow(session, 'clicks', { from: WINDOW.from, to: at }),
      await readWindow(session, 'clicks', { from: at, to: WINDOW.to }),
    ].flatMap(({ records }) => records);
    const truth = await truthOf(ledger, 'clicks', WINDOW, tells(name));
    expect(new Set(parts.map(({ externalId }) => externalId)).size).toBe(truth.length);
    expect(parts.length).toBeGreaterThan(truth.length);
  });

  test('more rows asked for than it gives: nothing is lost', async () => {
    const { ledger, session } = await start({ maxPageSize: 30 }, {});
    const { records, pages } = await readWindow(session, 'clicks', WINDOW);
    const truth = await truthOf(ledger, 'clicks', WINDOW, tells(name));
    expect(difference(records, truth, Object.keys(truth[0]!))).toEqual(NO_DIFFERENCE);
    expect(pages.length).toBeGreaterThan(10);
  });

  test.each([
    [403, name === 'altercpa' ? 'access' : 'offers are not part of this tracker'],
    [200, name === 'altercpa' ? 'module' : 'offers are not part of this tracker'],
    [404, name === 'altercpa' ? 'module' : 'offers are not part of this tracker'],
  ])('a resource that is refused by %i is told in its own words, and the others are read', async (status, words) => {
    const { access, http, session } = await start({ deny: { offers: status } });
    const deps = { http, onCall: () => {}, now: new Date(ANCHOR) };
    const result = await testConnection(tgTracker, connectionTo(access, name), deps);
    expect(result).toMatchObject({ ok: true, message: 'Key accepted. Not readable: offers.' });
    const reading = (async () => {
      for await (const _ of pullCatalog(session, 'offers', []));
    })();
    await expect(reading).rejects.toMatchObject({ details: { said: words } });
  });

  test('the secrets of its catalog are in no record', async () => {
    const { session } = await start({ planted: PLANTED });
    const search = new Search(needlesFor({ planted: PLANTED }));
    const catalog = await readCatalog(session);
    for (const [resource, { records }] of catalog) expect(records.length, resource).toBeGreaterThan(3);
    await search.text('the records', JSON.stringify([...catalog]));
    expect(toldHits(search.hits)).toBe('');
  });

  test('another host is told as such', async () => {
    const { access, http } = await start();
    const deps = { http, onCall: () => {}, now: new Date(ANCHOR) };
    const connection = connectionTo(access, name);
    const nowhere = { ...connection, url: `http://127.0.0.1:${await closedPort()}` };
    expect(await testConnection(tgTracker, nowhere, deps)).toMatchObject({
      ok: false,
      error: { kind: 'connection_refused' },
    });
    const traffic = { ...connection, url: `${connection.url}/somewhere` };
    expect(await testConnection(tgTracker, traffic, deps)).toMatchObject({
      ok: false,
      error: { kind: 'not_the_tracker', message: 'Connection test failed: not TG Tracker (a web page)' },
    });
  });
});

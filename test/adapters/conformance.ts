// What every adapter must do, whatever its tracker: a suite that an adapter's test calls by naming itself and its faces.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LedgerControl, ledgerControl } from '../../simulator/client.ts';
import type { Face as SimulatedFace } from '../../simulator/faces/face.ts';
import type { LedgerAccess } from '../../simulator/hosted-ledgers.ts';
import type { HostedOptionsInput } from '../../simulator/options.ts';
import { type Simulator, startSimulator } from '../../simulator/server.ts';
import type { Adapter, Connection } from '../../src/adapters/adapter.ts';
import type { Http } from '../../src/adapters/http.ts';
import type { Cursor } from '../../src/adapters/paging.ts';
import { openSession, type Session } from '../../src/adapters/session.ts';
import { testConnection } from '../../src/adapters/test-connection.ts';
import type { LogResource } from '../../src/core/resources.ts';
import { withSmallPages } from '../faults/small-pages.ts';
import { checksOf, type Skips } from './conformance/checks.ts';
import { checkDeclared } from './conformance/declared.ts';
import { checkExact } from './conformance/exact.ts';
import { ANCHOR, type ReadFace, WINDOW } from './conformance/face.ts';
import { checkPages } from './conformance/pages.ts';
import { checkRights } from './conformance/rights.ts';
import { checkTrouble } from './conformance/trouble.ts';
import { readCatalog, readWindow, timeOf } from './reads.ts';
import { CATALOG_SHAPES, LOG_SHAPES } from './record-shapes.ts';
import { difference, type Fold, NO_DIFFERENCE, type Tells, truthOf } from './truth-records.ts';
import { closedPort, testHttp } from './wire.ts';

export interface Face {
  name: string;
  /** How this installation behaves: the face's own block of the ledger's options. */
  options: HostedOptionsInput;
  /** What its logs can tell of a record; default: everything. */
  tells?: Tells;
  /** Where it tells several conversions as one: which, and as what. */
  fold?: Fold;
  /** Checks that this installation cannot meet, each with its reason. */
  skips?: Skips;
}

export interface Subject {
  adapter: Adapter;
  /** Where the simulator does not know it by itself. */
  simulated?: SimulatedFace;
  /** A connection with the right key, or with a wrong one. */
  connect(access: LedgerAccess, isRight: boolean): Connection;
  /** How a wrong key is told; default: by the status 401. */
  wrongKey?: RegExp;
  /** Calls after which it is known that somebody else is there; default: one. */
  wrongHostCalls?: number;
  /** Below the ledger, the path of each log: where faults are laid. */
  logPaths: Record<LogResource, string>;
  faces: readonly Face[];
  /** Checks that this tracker cannot meet, each with its reason. */
  skips?: Skips;
}

const BURST_AT = new Date('2026-03-29T01:30:00Z');
const LEDGER: HostedOptionsInput = {
  ...{ anchorAt: ANCHOR, frozenAt: ANCHOR, days: 2, clicks: 700, conversions: 320 },
  bursts: [{ at: BURST_AT.toISOString(), clicks: 230 }],
};

/** So many of them are gone on from. */
const CHECKPOINTS = 5;

export function conformance(subject: Subject): void {
  const { adapter, simulated, connect, wrongKey = /^401/, wrongHostCalls = 1, logPaths, faces } = subject;
  const logs = Object.keys(adapter.logs) as LogResource[];
  const isUnordered = (name: LogResource): boolean => adapter.logs[name]?.unordered === true;
  let http: Http;
  beforeAll(() => {
    http = testHttp();
  });
  afterAll(() => http.close());

  checkDeclared(adapter);

  describe.each(faces)(`${adapter.title}, $name`, (face) => {
    const { options, tells, fold } = face;
    let simulator: Simulator;
    let ledger: LedgerControl;
    let access: LedgerAccess;
    let session: Session;
    beforeAll(async () => {
      const ledgers = [{ ...LEDGER, ...options }];
      simulator = await startSimulator({ ledgers, ...(simulated === undefined ? {} : { faces: [simulated] }) });
      access = simulator.ledgers[0]!;
      ledger = ledgerControl(simulator.address, access.name);
      session = openSession(adapter, connect(access, true), { http, onCall: () => {} });
    });
    afterAll(() => simulator.stop());

    test('a right key is accepted and every resource readable; a wrong one is one verdict', async () => {
      const deps = { http, onCall: () => {}, now: new Date(ANCHOR) };
      const right = await testConnection(adapter, connect(access, true), deps);
      expect(right).toMatchObject({ ok: true, message: 'Key accepted.' });
      const wrong = await testConnection(adapter, connect(access, false), deps);
      expect(wrong).toMatchObject({ ok: false, error: { kind: 'auth' } });
      if (!wrong.ok) expect(wrong.error.message.replace('Connection test failed: ', '')).toMatch(wrongKey);
    });

    test('a wrong host is one verdict at once: nobody there, or somebody else', async () => {
      const verdict = async (url: string) => {
        let calls = 0;
        const deps = { http, onCall: () => void calls++, now: new Date(ANCHOR) };
        const result = await testConnection(adapter, { ...connect(access, true), url }, deps);
        return [calls, result.ok ? 'accepted' : result.error.kind];
      };
      expect(await verdict(`http://127.0.0.1:${await closedPort()}`)).toEqual([1, 'connection_refused']);
      expect(await verdict(`${simulator.address}/${access.name}/another-product`)).toEqual([
        wrongHostCalls,
        'not_the_tracker',
      ]);
    });

    test('the catalog has every entry once, in the declared shape, twice the same', async () => {
      const first = await readCatalog(session);
      for (const [resource, { records, unreadable }] of first) {
        expect(unreadable).toEqual([]);
        expect(records.length).toBeGreaterThan(0);
        for (const record of records) CATALOG_SHAPES[resource].parse(record);
        const keys = records.map(({ externalId }) => externalId);
        expect(new Set(keys).size).toBe(keys.length);
      }
      expect(await readCatalog(session)).toEqual(first);
    });

    test.each(logs)('%s are the truth, row for row, in the declared shape', async (resource) => {
      const { records, unreadable, pages } = await readWindow(session, resource, WINDOW);
      expect(unreadable).toEqual([]);
      for (const record of records) LOG_SHAPES[resource].parse(record);
      const truth = await truthOf(ledger, resource, WINDOW, tells, fold);
      const fields = Object.keys(truth[0]!);
      expect(truth.length).toBeGreaterThan(100);
      expect(difference(records, truth, fields)).toEqual(NO_DIFFERENCE);
      expect(new Set(records.map(({ externalId }) => externalId)).size).toBe(records.length);
      for (const page of pages) {
        for (const record of page.records) {
          expect(timeOf(record) >= WINDOW.from && timeOf(record) < WINDOW.to).toBe(true);
          if (!isUnordered(resource)) expect(timeOf(record) <= page.lastAt!).toBe(true);
        }
      }
    });

    test.each(logs)(
      '%s: windows that touch lose nothing and double nothing, within one second or not',
      async (resource) => {
        const cuts = [BURST_AT, new Date(BURST_AT.getTime() + 1_000), new Date('2026-03-28T17:23:41Z')];
        const edges = [WINDOW.from, ...cuts.sort((a, b) => a.getTime() - b.getTime()), WINDOW.to];
        const whole = await readWindow(session, resource, WINDOW);
        const parts: Awaited<ReturnType<typeof readWindow>>['records'] = [];
        for (const [i, from] of edges.slice(0, -1).entries()) {
          parts.push(...(await readWindow(session, resource, { from, to: edges[i + 1]! })).records);
        }
        expect(difference(parts, whole.records, ['externalId'])).toEqual(NO_DIFFERENCE);
      },
    );

    test.each(logs)('%s go on from every checkpoint as if nothing had been in between', async (resource) => {
      const { pages } = await readWindow(session, resource, WINDOW);
      const step = Math.ceil(pages.length / CHECKPOINTS);
      for (let i = 0; i < pages.length - 1; i += step) {
        const before = pages.slice(0, i + 1).flatMap(({ records }) => records);
        const kept: Cursor = JSON.parse(JSON.stringify(pages[i]!.next));
        const after = await readWindow(session, resource, WINDOW, kept);
        const whole = pages.flatMap(({ records }) => records);
        expect(difference([...before, ...after.records], whole, ['externalId'])).toEqual(NO_DIFFERENCE);
      }
    });

    test.each(logs)('%s of a time to come are none, and no trouble', async (resource) => {
      const future = { from: new Date('2030-01-01T00:00:00Z'), to: new Date('2030-01-02T00:00:00Z') };
      const { records, pages } = await readWindow(session, resource, future);
      expect([records, pages[0]!.lastAt]).toEqual([[], null]);
      // A total that promises rows is looked after, and no further.
      expect(pages.length).toBeLessThanOrEqual((pages[0]!.askedTotal ?? 0) > 0 ? 3 : 1);
    });

    const checks = checksOf({ ...subject.skips, ...face.skips });
    checks.check('every window was asked for in UTC', async () => {
      const zones = (await ledger.requests()).flatMap(({ window }) => window?.timezone ?? []);
      expect(new Set(zones)).toEqual(new Set(['UTC']));
    });

    test.each(logs)(
      '%s out of order are a contradiction where there is an order, and never a loss',
      async (resource) => {
        const { records } = await readWindow(session, resource, WINDOW);
        await ledger.addFault({ match: { path: logPaths[resource], times: null }, fault: { kind: 'reorderedPage' } });
        const again = readWindow(session, resource, WINDOW);
        if (!isUnordered(resource)) await expect(again).rejects.toMatchObject({ kind: 'bad_answer' });
        else expect(difference((await again).records, records, ['externalId'])).toEqual(NO_DIFFERENCE);
        await ledger.clearFaults();
      },
    );

    test('clicks that arrive on a page already read are found by the next pass', async () => {
      const late = { kind: 'addClicks', at: '2026-03-28T00:00:01Z', count: 3 } as const;
      await ledger.overlayAfter(1, late);
      const first = await readWindow(session, 'clicks', WINDOW);
      const again = await readWindow(session, 'clicks', WINDOW);
      const truth = await truthOf(ledger, 'clicks', WINDOW, tells);
      const found = new Set([...first.records, ...again.records].map(({ externalId }) => externalId));
      expect([...found].sort()).toEqual(truth.map(({ externalId }) => externalId).sort());
      const before = new Set(again.records.map(({ externalId }) => externalId));
      expect(first.records.filter(({ externalId }) => !before.has(externalId))).toEqual([]);
    });

    const small = withSmallPages(adapter);
    const read: ReadFace = {
      ...{ subject, face, logs, http: () => http, ledger: () => ledger, access: () => access },
      session: (wire = http) => openSession(small, connect(access, true), { http: wire, onCall: () => {} }),
    };
    checkRights(checks, read);
    checkPages(checks, read);
    checkTrouble(checks, read);
    checkExact(checks, read);
    test('every check that is skipped is one', () => expect(checks.unknown()).toEqual([]));
  });
}

// Pages that go wrong: one that repeats, one that is empty or shortened, a total that lies. A contradiction is said, or nothing is lost.
import { expect } from 'vitest';
import type { FaultKindInput } from '../../../simulator/faults/fault.ts';
import { TrackerError } from '../../../src/core/errors.ts';
import type { LogResource } from '../../../src/core/resources.ts';
import { readWindow } from '../reads.ts';
import { difference, NO_DIFFERENCE } from '../truth-records.ts';
import type { Checks } from './checks.ts';
import { type ReadFace, WINDOW } from './face.ts';

const IDS = ['externalId'];
/** Pages more where the total lies: one of twins, the empty one that is the end, and two behind it. */
const MOST_MORE = 4;

export function checkPages({ check }: Checks, { subject, logs, session, ledger }: ReadFace): void {
  /**
   * What is read while a fault lies on a log, beside what is read without; null where the reading ended in a contradiction.
   * @param page the first that it hits, counted from 1
   */
  async function spoiled(log: LogResource, fault: FaultKindInput, page: number, times: number | null = 1) {
    const path = subject.logPaths[log];
    await ledger().clearRequests();
    const { records: whole, pages } = await readWindow(session(), log, WINDOW);
    const asked = (await ledger().requests()).filter((request) => new RegExp(path).test(request.path));
    // Before the first page, ways of asking may have been tried in vain.
    const nth = page + asked.length - pages.length;
    await ledger().addFault({ match: { path, nth, times }, fault });
    const read = await readWindow(session(), log, WINDOW).catch((error: unknown) => error);
    const [laid] = await ledger().faults();
    await ledger().clearFaults();
    expect(laid!.fired).toBeGreaterThan(0);
    expect(whole.length).toBeGreaterThan(100);
    if (read instanceof TrackerError) {
      expect(read.kind).toBe('bad_answer');
      return null;
    }
    if (read instanceof Error) throw read;
    const spoilt = read as Awaited<ReturnType<typeof readWindow>>;
    const hasEmptyPage = spoilt.pages.some(({ received }) => received === 0);
    return {
      ...difference(spoilt.records as object[], whole, IDS),
      hasEmptyPage,
      more: spoilt.pages.length - pages.length,
    };
  }

  for (const log of logs) {
    check(`${log}: a page that repeats once`, async () => {
      const found = await spoiled(log, { kind: 'duplicatedPage' }, 2);
      if (found !== null) expect(found).toMatchObject(NO_DIFFERENCE);
    });

    check(`${log}: a page that repeats for ever`, async () => {
      const found = await spoiled(log, { kind: 'duplicatedPage' }, 2, null);
      if (found !== null) expect(found).toMatchObject(NO_DIFFERENCE);
    });

    check(`${log}: an empty page in the middle: once`, async () => {
      const found = await spoiled(log, { kind: 'emptyPage' }, 3);
      expect(found).toMatchObject({ ...NO_DIFFERENCE, hasEmptyPage: true });
      expect(found!.more).toBeLessThanOrEqual(1);
    });

    check(`${log}: an empty page in the middle: for good`, async () => {
      const found = await spoiled(log, { kind: 'emptyPage' }, 3, 2);
      // What was on that page may be gone, and nothing behind it.
      const lost = expect.toSatisfy((rows) => rows <= 60);
      expect(found).toMatchObject({ lost, unexpected: 0, hasEmptyPage: true });
    });

    check(`${log}: a page shortened by filtering`, async () => {
      const found = await spoiled(log, { kind: 'shortPage' }, 2);
      if (found !== null) expect(found).toMatchObject({ lost: expect.toSatisfy((lost) => lost <= 1), unexpected: 0 });
    });

    for (const factor of [0, 0.4, 3]) {
      check(`${log}: a total that lies, times ${factor}`, async () => {
        const found = await spoiled(log, { kind: 'wrongTotal', factor }, 1, null);
        if (found === null) return;
        expect(found).toMatchObject(NO_DIFFERENCE);
        expect(found.more).toBeLessThanOrEqual(MOST_MORE);
      });
    }
  }
}

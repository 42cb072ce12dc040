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
    return difference((read as { records: object[] }).records, whole, IDS);
  }

  for (const log of logs) {
    check(`${log}: a page that repeats once`, async () => {
      const found = await spoiled(log, { kind: 'duplicatedPage' }, 2);
      if (found !== null) expect(found).toEqual(NO_DIFFERENCE);
    });

    check(`${log}: a page that repeats for ever`, async () => {
      const found = await spoiled(log, { kind: 'duplicatedPage' }, 2, null);
      if (found !== null) expect(found).toEqual(NO_DIFFERENCE);
    });

    check(`${log}: an empty page in the middle`, async () => {
      const found = await spoiled(log, { kind: 'emptyPage' }, 3);
      // What was on that page may be gone, and nothing behind it.
      if (found !== null) expect(found).toMatchObject({ lost: expect.toSatisfy((lost) => lost <= 60), unexpected: 0 });
    });

    check(`${log}: a page shortened by filtering`, async () => {
      const found = await spoiled(log, { kind: 'shortPage' }, 2);
      if (found !== null) expect(found).toMatchObject({ lost: expect.toSatisfy((lost) => lost <= 1), unexpected: 0 });
    });

    for (const factor of [0, 0.4, 3]) {
      check(`${log}: a total that lies, times ${factor}`, async () => {
        const found = await spoiled(log, { kind: 'wrongTotal', factor }, 1, null);
        if (found !== null) expect(found).toEqual(NO_DIFFERENCE);
      });
    }
  }
}

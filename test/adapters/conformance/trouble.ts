// Trouble while a log is read: every kind is told for what it is, at once, and none is asked about again and again.
import { expect } from 'vitest';
import type { FaultKindInput } from '../../../simulator/faults/fault.ts';
import type { ErrorKind } from '../../../src/core/errors.ts';
import { readWindow } from '../reads.ts';
import type { Checks } from './checks.ts';
import { type ReadFace, WINDOW } from './face.ts';

const DATE_MS = 60_000;
const status = (code: number, headers: Record<string, string> = {}): FaultKindInput => ({
  ...{ kind: 'status', status: code, headers },
});

const TROUBLE: Record<string, { fault(): FaultKindInput; kind: ErrorKind; wait?: [number, number] }> = {
  'a 429 with seconds': {
    ...{ fault: () => status(429, { 'retry-after': '7' }), kind: 'rate_limited' },
    wait: [7_000, 7_000],
  },
  'a 429 with a date': {
    fault: () => status(429, { 'retry-after': new Date(Date.now() + DATE_MS).toUTCString() }),
    ...{ kind: 'rate_limited', wait: [DATE_MS - 30_000, DATE_MS] },
  },
  'a login page with 200': { fault: () => ({ kind: 'html' }), kind: 'not_the_tracker' },
  'an answer cut in half': { fault: () => ({ kind: 'halfJson' }), kind: 'not_the_tracker' },
  'a 401 in the middle': { fault: () => status(401), kind: 'auth' },
  'a 500': { fault: () => status(500), kind: 'server_error' },
};

/** Ways of asking, and a login on the way. */
const MOST_CALLS = 8;

export function checkTrouble({ check }: Checks, { subject, session, ledger }: ReadFace): void {
  for (const [name, { fault, kind, wait }] of Object.entries(TROUBLE)) {
    check(`trouble: ${name}`, async () => {
      await ledger().clearRequests();
      const match = { path: subject.logPaths.conversions, nth: 2, times: null };
      await ledger().addFault({ match, fault: fault() });
      const error = await readWindow(session(), 'conversions', WINDOW).then(
        () => null,
        (thrown) => thrown,
      );
      await ledger().clearFaults();
      const hit = (await ledger().requests()).filter(({ fault }) => fault !== null);
      expect(error).toMatchObject({ name: 'TrackerError', kind, details: { hint: expect.stringMatching(/\w/) } });
      expect(hit.length).toBeGreaterThan(0);
      expect(hit.length).toBeLessThan(MOST_CALLS);
      if (wait === undefined) return;
      const { retryAfterMs } = error.details;
      expect(retryAfterMs).toBeGreaterThanOrEqual(wait[0]);
      expect(retryAfterMs).toBeLessThanOrEqual(wait[1]);
    });
  }
}

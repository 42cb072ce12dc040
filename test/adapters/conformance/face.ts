// What the checks are given: a tracker's subject, one of its faces with a ledger behind it, and sessions that read it.
import type { LedgerControl } from '../../../simulator/client.ts';
import type { LedgerAccess } from '../../../simulator/hosted-ledgers.ts';
import type { Http } from '../../../src/adapters/http.ts';
import type { Session } from '../../../src/adapters/session.ts';
import type { LogResource } from '../../../src/core/resources.ts';
import type { Range } from '../../../src/core/windows.ts';
import type { Face, Subject } from '../conformance.ts';

export const ANCHOR = '2026-03-30T00:00:00Z';
/** The night in which Europe's clocks go forward, with very many clicks in one of its seconds. */
export const WINDOW: Range = { from: new Date('2026-03-28T00:00:00Z'), to: new Date('2026-03-29T12:00:00Z') };

/** Known only when the face has started. */
export interface ReadFace {
  subject: Subject;
  face: Face;
  logs: readonly LogResource[];
  http(): Http;
  ledger(): LedgerControl;
  access(): LedgerAccess;
  /** With pages that are short, so that the small ledger has many. */
  session(wire?: Http): Session;
}

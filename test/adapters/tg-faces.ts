// The two shapes of a TG Tracker that the simulator has: how each is connected, and what it tells of the ledger's rows.
import { ledgerControl } from '../../simulator/client.ts';
import { altercpaSettings } from '../../simulator/faces/tg/altercpa-settings.ts';
import type { LedgerAccess } from '../../simulator/hosted-ledgers.ts';
import type { TruthConversion } from '../../simulator/ledger/truth-rows.ts';
import type { HostedOptionsInput } from '../../simulator/options.ts';
import { startSimulator } from '../../simulator/server.ts';
import type { Connection } from '../../src/adapters/adapter.ts';
import { openSession } from '../../src/adapters/session.ts';
import { settingsOf } from '../../src/adapters/settings.ts';
import { tgTracker } from '../../src/adapters/tg-tracker.ts';
import type { Tells } from './truth-records.ts';
import { testHttp } from './wire.ts';

export type TgFace = 'tg_tracker' | 'altercpa';

/** The settings' worked example: a tracker of the AlterCPA family, by settings alone. */
export const SETTINGS: Record<TgFace, object> = { tg_tracker: {}, altercpa: altercpaSettings };

export const WORDS: Record<TgFace, Record<string, string>> = {
  tg_tracker: { lead: 'wait', registration: 'hold', sale: 'approved', deposit: 'approved', rebill: 'approved' },
  altercpa: { lead: 'wait', registration: 'hold', sale: 'approve', deposit: 'approve', rebill: 'approve' },
};
WORDS.tg_tracker.rejected = 'declined';
WORDS.altercpa.rejected = 'cancel';

export const faceUrl = ({ url }: Pick<LedgerAccess, 'url'>, face: TgFace): string =>
  url.replace(/\/keitaro$/, `/${face}`);

export function connectionTo(
  access: LedgerAccess,
  face: TgFace,
  more: object = {},
  apiKey = access.apiKey,
): Connection {
  const settings = settingsOf(tgTracker, { ...SETTINGS[face], ...more });
  return { url: faceUrl(access, face), credentials: { apiKey }, settings };
}

/** Neither what a click earned, nor whether it was a bot's; a conversion by its own id, without its click's time. */
export const tells =
  (face: TgFace): Tells =>
  (record, row) => {
    if (!('convertedAt' in record)) {
      return { ...record, revenue: null, isBot: null, isUnique: null, landingClicked: null };
    }
    const { id, status } = row as TruthConversion;
    const rawStatus = WORDS[face][status] ?? status;
    return { ...record, externalId: String(id), rawStatus, clickedAt: null, isReversal: false };
  };

/** A face in a simulator of its own, and a session with it. */
export async function startFace(face: TgFace, options: HostedOptionsInput, settings: object = {}) {
  const simulator = await startSimulator({ ledgers: [options] });
  const access = simulator.ledgers[0]!;
  const http = testHttp();
  const session = openSession(tgTracker, connectionTo(access, face, settings), { http, onCall: () => {} });
  const ledger = ledgerControl(simulator.address, access.name);
  return {
    ...{ access, session, ledger, http },
    async stop(): Promise<void> {
      await simulator.stop();
      await http.close();
    },
  };
}

// A typed client of the control surface, for tests, the demo and benchmarks.
import type { FaultRuleInput } from './faults/fault.ts';
import type { FaultState } from './faults/fault-rules.ts';
import type { FaceAccess, LedgerAccess } from './hosted-ledgers.ts';
import type { ClockCommand, ClockState } from './ledger/clock.ts';
import type { Truth } from './ledger/truth.ts';
import type { TruthAd } from './ledger/truth-ads.ts';
import type { TruthClick, TruthConversion } from './ledger/truth-rows.ts';
import type { HostedOptionsInput, HostedSettingsInput } from './options.ts';
import type { OverlayInput, OverlayResult } from './overlays.ts';
import type { LoggedRequest } from './request-log.ts';

export interface TruthRange {
  /** ISO 8601, half-open; default: everything so far. */
  from?: string;
  to?: string;
  /** Default: the ledger's now. */
  asOf?: string;
  /** Which time puts a conversion into the range; default: its postback's. */
  by?: 'postback' | 'click';
  /** In whose words statuses are told; default: the ledger's. */
  face?: string;
}

/** Opens a ledger. */
export function openLedger(address: string, options: HostedOptionsInput): Promise<LedgerAccess> {
  return call(`${address}/control/ledgers`, 'POST', options);
}

/** The address of one of a ledger's faces, as a person would type it. */
export const addressOf = ({ url }: Pick<LedgerAccess, 'url'>, face: string): string => url.replace(/[^/]+$/, face);

/** The control functions of one ledger; every one throws an Error with the simulator's words on a refusal. */
export function ledgerControl(address: string, name: string) {
  const base = `${address}/control/ledgers/${name}`;
  return {
    /** Its faces, and how a program connects to each. */
    faces: () => call<FaceAccess[]>(`${base}/faces`, 'GET'),
    close: () => call<{ closed: boolean }>(base, 'DELETE'),
    /** Changes the key or how a face behaves. */
    change: (settings: HostedSettingsInput) => call<{ apiKey: string }>(`${base}/settings`, 'PATCH', settings),
    clock: () => call<ClockState>(`${base}/clock`, 'GET'),
    setClock: (command: ClockCommand) => call<ClockState>(`${base}/clock`, 'POST', command),
    /** Changes rows now. */
    async overlay(overlay: OverlayInput): Promise<OverlayResult> {
      const { result } = await call<{ result: OverlayResult | null }>(`${base}/overlays`, 'POST', { overlay });
      if (!result) throw new Error('The overlay was not applied');
      return result;
    },
    /** Changes rows once the faces have served so many more requests. */
    overlayAfter: (afterRequests: number, overlay: OverlayInput) =>
      call<{ result: null }>(`${base}/overlays`, 'POST', { overlay, afterRequests }),
    addFault: (rule: FaultRuleInput) => call<{ id: number }>(`${base}/faults`, 'POST', rule),
    faults: () => call<FaultState[]>(`${base}/faults`, 'GET'),
    clearFaults: () => call<object>(`${base}/faults`, 'DELETE'),
    requests: () => call<LoggedRequest[]>(`${base}/requests`, 'GET'),
    clearRequests: () => call<object>(`${base}/requests`, 'DELETE'),
    truth: (range: TruthRange = {}) => call<Truth>(`${base}/truth?${queryOf(range)}`, 'GET'),
    truthClicks: (range: TruthRange = {}) => rows<TruthClick>(`${base}/truth/clicks?${queryOf(range)}`),
    truthAds: (range: TruthRange = {}) => rows<TruthAd>(`${base}/truth/ads?${queryOf(range)}`),
    truthConversions: (range: TruthRange = {}) => rows<TruthConversion>(`${base}/truth/conversions?${queryOf(range)}`),
  };
}

export type LedgerControl = ReturnType<typeof ledgerControl>;

function queryOf(range: TruthRange): URLSearchParams {
  return new URLSearchParams(Object.entries(range).filter(([, value]) => value !== undefined));
}

async function call<Answer>(url: string, method: string, body?: unknown): Promise<Answer> {
  const response = await fetch(url, { method, body: body === undefined ? undefined : JSON.stringify(body) });
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Answer;
}

/** Rows of an NDJSON answer, read as they come. */
async function* rows<Row>(url: string): AsyncGenerator<Row> {
  const response = await fetch(url);
  if (!response.ok || !response.body) throw new Error(`GET ${url}: ${response.status} ${await response.text()}`);
  let rest = '';
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield JSON.parse(line) as Row;
  }
}

// What the address says of the audit log, and what the API is asked for by it.
import { text } from '../../app/address.ts';
import { answered, api } from '../../app/client.ts';
import { type RangeSearch, readRange } from '../../app/range.ts';

export type Source = 'user' | 'tracker';
export const SOURCES = [
  { value: 'user', label: 'People' },
  { value: 'tracker', label: 'Tracker calls' },
];

export interface AuditSearch extends RangeSearch {
  source?: Source;
  actor?: string;
  action?: string;
  configId?: string;
  status?: string;
}

export const readAuditSearch = (search: Record<string, unknown>): AuditSearch => {
  const isOfCalls = search.source === 'tracker';
  return {
    ...readRange(search),
    ...{ source: isOfCalls ? 'tracker' : undefined, configId: text(search.configId), status: text(search.status) },
    ...(isOfCalls ? {} : { actor: text(search.actor), action: text(search.action) }),
  };
};

export interface AuditAsk {
  source: Source;
  from: string;
  to: string;
  actor?: string;
  action?: string;
  configId?: string;
  status?: string;
}

type Entry = Awaited<ReturnType<typeof readEntries>>['items'][number];
export type Deed = Extract<Entry, { action: string }>;
export type Call = Extract<Entry, { method: string }>;

export async function readEntries(ask: AuditAsk, cursor: string | undefined) {
  const filled = Object.fromEntries(Object.entries(ask).filter(([, value]) => value !== undefined));
  return answered(
    api['audit-log'].$get({ query: { ...(filled as unknown as AuditAsk), limit: '100', ...(cursor && { cursor }) } }),
  );
}

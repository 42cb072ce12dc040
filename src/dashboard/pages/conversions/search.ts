// What the address says of the conversions, and what the API is asked for by it.
import { CONVERSION_STATUSES, type ConversionStatus } from '../../../core/statuses.ts';
import { text } from '../../app/address.ts';
import { answered, api } from '../../app/client.ts';
import { type RangeSearch, rangeOf, readRange } from '../../app/range.ts';

export interface ConversionSearch extends RangeSearch {
  configId?: string;
  status?: ConversionStatus;
  /** A tracker's word may be empty. */
  rawStatus?: string;
  campaignId?: string;
  /** Any id, whole. */
  q?: string;
  /** Whose story is open. */
  id?: string;
}

export const readConversionSearch = (search: Record<string, unknown>): ConversionSearch => ({
  ...readRange(search),
  ...{
    configId: text(search.configId),
    rawStatus: search.rawStatus === '' ? '' : text(search.rawStatus),
    campaignId: text(search.campaignId),
  },
  ...{ status: CONVERSION_STATUSES.find((status) => status === search.status), q: text(search.q), id: text(search.id) },
});

export type ConversionAsk = Omit<ConversionSearch, keyof RangeSearch | 'id'> & { from?: string; to?: string };
export type Conversion = Awaited<ReturnType<typeof readConversions>>['items'][number];

/** An id is looked for on all days. */
export function askOf({ range, from, to, tz, id: _, ...filters }: ConversionSearch, nowMs: number): ConversionAsk {
  if (filters.q !== undefined) return filters;
  const span = rangeOf({ range, from, to, tz }, nowMs);
  return { ...filters, from: span.from, to: span.to };
}

export const PAGE_SIZE = 200;

export function readConversions(ask: ConversionAsk, cursor?: string, limit = PAGE_SIZE) {
  const filled = Object.fromEntries(Object.entries(ask).filter(([, value]) => value !== undefined)) as ConversionAsk;
  return answered(api.conversions.$get({ query: { ...filled, limit: String(limit), ...(cursor && { cursor }) } }));
}

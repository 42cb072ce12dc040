// A caller of the fake Keitaro panel: what a client would send, and paging to the end.
import type { LedgerAccess } from '../../simulator/hosted-ledgers.ts';

export type Row = Record<string, string | number | boolean | null>;

export interface LogPage {
  rows: Row[];
  total?: number | string;
}

export interface LogQuery {
  /** Wall clock text, both ends inclusive. */
  from: string;
  to: string;
  timezone?: string;
  columns: string[];
  filters?: { name: string; operator: string; expression?: unknown }[];
  sort?: { name: string; order: 'ASC' | 'DESC' }[];
  limit?: number;
  offset?: number;
}

export const byTime: LogQuery['sort'] = [
  { name: 'datetime', order: 'ASC' },
  { name: 'sub_id', order: 'ASC' },
];

/** Calls of one panel. */
export function panelOf({ url, apiKey }: LedgerAccess) {
  const headers = { 'Api-Key': apiKey };
  const get = (path: string) => fetch(`${url}/admin_api/v1${path}`, { headers, redirect: 'manual' });
  const post = (path: string, body: unknown) =>
    fetch(`${url}/admin_api/v1${path}`, { method: 'POST', headers, body: JSON.stringify(body), redirect: 'manual' });
  const askLog = (log: 'clicks' | 'conversions', { from, to, timezone = 'UTC', ...rest }: LogQuery) =>
    post(`/${log}/log`, { range: { from, to, timezone }, ...rest });

  async function page(log: 'clicks' | 'conversions', query: LogQuery): Promise<LogPage> {
    return json<LogPage>(await askLog(log, query));
  }

  /** Every row of a query, page by page until one is empty. */
  async function all(log: 'clicks' | 'conversions', query: LogQuery): Promise<Row[]> {
    const rows: Row[] = [];
    for (;;) {
      const next = await page(log, { sort: byTime, ...query, offset: rows.length });
      if (next.rows.length === 0) return rows;
      rows.push(...next.rows);
    }
  }

  return { get, post, askLog, page, all, list: async (path: string) => json<Row[]>(await get(path)) };
}

export async function json<Value>(response: Response): Promise<Value> {
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return (await response.json()) as Value;
}

/** Wall clock text in UTC of an ISO time, `seconds` later. */
export function wall(iso: string, seconds = 0): string {
  return new Date(Date.parse(iso) + seconds * 1000).toISOString().slice(0, 19).replace('T', ' ');
}

/** Sums decimal text exactly, in micros. */
export function sumMicros(amounts: Iterable<unknown>): bigint {
  let sum = 0n;
  for (const amount of amounts) {
    const [whole = '0', fraction = ''] = String(amount).replace('-', '').split('.');
    const micros = BigInt(whole) * 1_000_000n + BigInt(fraction.padEnd(6, '0'));
    sum += String(amount).startsWith('-') ? -micros : micros;
  }
  return sum;
}

export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}

// The limit that the hub is measured by: the same log through the same pipeline into the same columns and indexes, and nothing else.
import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { Pool } from 'undici';
import { ahead } from '../src/activities/ahead.ts';
import { parseExact } from '../src/adapters/exact-json.ts';
import { COLUMNS } from '../src/adapters/keitaro-logs.ts';
import type { JsonObject } from '../src/core/resources.ts';

export interface ReferenceAsk {
  databaseUrl: string;
  /** Of the simulated panel, with its key. */
  url: string;
  apiKey: string;
  from: string;
  to: string;
}

export interface ReferenceResult {
  rows: number;
  ms: number;
}

const PAGE_ROWS = 10_000;
/** One page waits while the next is on its way, as the hub does it. */
const AHEAD_ROWS = 15_000;
const PIECE_ROWS = 250;
const CONFIG_ID = '00000000-0000-7000-8000-000000000001';
const ORGANIZATION_ID = '00000000-0000-7000-8000-000000000002';

/** What `click` has but for the hash, with its indexes and checks; no partitions. */
const TABLE = `
  drop table if exists reference_click;
  create table reference_click (like click including defaults including constraints);
  alter table reference_click drop column row_hash;
  alter table reference_click add primary key (tracker_config_id, external_id);
  create index on reference_click (organization_id, clicked_at desc, id desc)`;

const COPY = `copy reference_click (tracker_config_id, organization_id, external_id, clicked_at, campaign_external_id,
  offer_external_id, landing_page_external_id, flow_external_id, traffic_source_external_id, affiliate_network_external_id,
  cost, revenue, currency, country, region, city, device_type, os, browser, ip, is_bot, is_unique, landing_clicked, referrer,
  sub_ids, is_derived) from stdin`;

/** Calls are under way while the pages before them are formatted and written, as the hub does it. */
export async function runReference(ask: ReferenceAsk): Promise<ReferenceResult> {
  const client = new pg.Client({ connectionString: ask.databaseUrl });
  await client.connect();
  await client.query(TABLE);
  const base = new URL(ask.url);
  const pool = new Pool(base.origin, { connections: 1 });
  const fetchPage = async (offset: number): Promise<JsonObject[]> => {
    const { body, statusCode } = await pool.request({
      method: 'POST',
      path: `${base.pathname}/admin_api/v1/clicks/log`,
      headers: { 'api-key': ask.apiKey, 'content-type': 'application/json' },
      body: JSON.stringify(pageBody(ask, offset)),
    });
    const text = await body.text();
    if (statusCode !== 200) throw new Error(`${statusCode}: ${text.slice(0, 200)}`);
    return (parseExact(text) as { rows: JsonObject[] }).rows;
  };
  const startedAt = performance.now();
  let rows = 0;
  for await (const page of ahead(pages(fetchPage), AHEAD_ROWS, (page) => page.length)) {
    rows += page.length;
    await write(client, page);
  }
  const ms = performance.now() - startedAt;
  await Promise.all([client.end(), pool.close()]);
  return { rows, ms };
}

async function* pages(fetchPage: (offset: number) => Promise<JsonObject[]>): AsyncGenerator<JsonObject[]> {
  for (let offset = 0; ; ) {
    const page = await fetchPage(offset);
    if (page.length === 0) return;
    offset += page.length;
    yield page;
  }
}

const pageBody = (ask: ReferenceAsk, offset: number) => ({
  range: { from: ask.from, to: ask.to, timezone: 'UTC' },
  columns: COLUMNS.clicks.classic,
  sort: [
    { name: 'datetime', order: 'ASC' },
    { name: 'sub_id', order: 'ASC' },
  ],
  limit: PAGE_ROWS,
  offset,
});

/** Formats a piece while the one before is on its way; between two the socket of the next page is served. */
async function write(client: pg.Client, page: JsonObject[]): Promise<void> {
  const target = client.query(copyFrom(COPY));
  for (let at = 0; at < page.length; at += PIECE_ROWS) {
    let text = '';
    for (let i = at; i < Math.min(at + PIECE_ROWS, page.length); i++) text += line(page[i]!);
    if (!target.write(text)) await once(target, 'drain');
    else await turn();
  }
  target.end();
  await once(target, 'finish');
}

const SPECIAL = /[\\\t\n\r]/g;
const ESCAPES: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
const escaped = (text: string): string =>
  text.search(SPECIAL) < 0 ? text : text.replace(SPECIAL, (sign) => ESCAPES[sign]!);
const field = (value: unknown): string =>
  value === undefined || value === null || value === '' || value === 0 || value === '0'
    ? '\\N'
    : escaped(String(value));
const word = (value: unknown): string => (value === '' || value == null ? '\\N' : escaped(String(value)));
const flag = (value: unknown): string =>
  value == null ? '\\N' : value === 1 || value === '1' || value === true ? 't' : 'f';

function subIds(r: JsonObject): string {
  const filled: Record<string, string> = {};
  for (let i = 1; i <= 30; i++) {
    const value = r[`sub_id_${i}`];
    if (value !== undefined && value !== null && value !== '') filled[i] = String(value);
  }
  return escaped(JSON.stringify(filled));
}

const line = (r: JsonObject): string =>
  `${CONFIG_ID}\t${ORGANIZATION_ID}\t${r.sub_id}\t${r.datetime}Z\t${field(r.campaign_id)}\t${field(r.offer_id)}\t${field(r.landing_id)}\t${field(r.stream_id)}\t${field(r.ts_id)}\t${field(r.affiliate_network_id)}\t${word(r.cost)}\t${word(r.revenue)}\tUSD\t${word(r.country_code)}\t${word(r.region)}\t${word(r.city)}\t${word(r.device_type)}\t${word(r.os)}\t${word(r.browser)}\t${word(r.ip)}\t${flag(r.is_bot)}\t${flag(r.is_unique_campaign)}\t${flag(r.landing_clicked)}\t${word(r.referrer)}\t${subIds(r)}\tf\n`;

if (import.meta.main) {
  const result = await runReference(JSON.parse(process.argv[2]!) as ReferenceAsk);
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

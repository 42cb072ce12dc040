// What lists of clicks and conversions can be narrowed by.
import { type RawBuilder, sql } from 'kysely';
import type { ConversionStatus } from '../core/statuses.ts';
import { hasEntity, notDeleting } from './lists-entities.ts';

export interface LogFilter {
  configId?: string | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
  campaignId?: string | undefined;
  offerId?: string | undefined;
  status?: ConversionStatus | undefined;
  rawStatus?: string | undefined;
  country?: string | undefined;
  /** By number: `{ "3": "fb" }`. */
  subIds: Readonly<Record<string, string>>;
  /** Any id: ours, the tracker's, a transaction's. */
  q?: string | undefined;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** How a log tells what its rows, under an alias, may store. */
type Told = (stored: (alias: string) => RawBuilder<unknown>) => RawBuilder<unknown>;
const byItself: Told = (stored) => stored('l');

/** What a conversion under `l` does not tell itself, its click tells; looked up where it is needed. */
export const orByClick: Told = (stored) => sql`coalesce(${stored('l')}, (
  select ${stored('k')} from click k where k.tracker_config_id = l.tracker_config_id and k.external_id = l.click_external_id))`;

const column = (name: string) => (alias: string) => sql.ref(`${alias}.${name}`);

/** The conditions that both logs share, for rows under `l`. `time` is the column that ranges speak of. */
export function logConditions(
  filter: LogFilter,
  time: string,
  idColumns: readonly string[],
  told = byItself,
): RawBuilder<unknown>[] {
  const { configId, from, to, campaignId, offerId, country, q } = filter;
  const conditions: RawBuilder<unknown>[] = [notDeleting('l')];
  if (configId !== undefined) conditions.push(sql`l.tracker_config_id = ${configId}::uuid`);
  if (from !== undefined) conditions.push(sql`${sql.ref(time)} >= ${from}`);
  if (to !== undefined) conditions.push(sql`${sql.ref(time)} < ${to}`);
  if (campaignId !== undefined)
    conditions.push(hasEntity('l', 'campaign', [campaignId], told(column('campaign_external_id'))));
  if (offerId !== undefined) conditions.push(hasEntity('l', 'offer', [offerId], told(column('offer_external_id'))));
  if (country !== undefined) conditions.push(sql`${told(column('country'))} = ${country}`);
  for (const [number, value] of Object.entries(filter.subIds)) {
    conditions.push(sql`${told((alias) => sql`${sql.ref(`${alias}.sub_ids`)} ->> ${number}`)} = ${value}`);
  }
  if (q !== undefined) {
    const matches = idColumns.map((column) => sql`${sql.ref(column)} = ${q}`);
    if (UUID.test(q)) matches.push(sql`l.id = ${q}::uuid`);
    conditions.push(sql`(${sql.join(matches, sql` or `)})`);
  }
  return conditions;
}

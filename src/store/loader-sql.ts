// The loader's statements: only rows whose hash differs are written, and what changed of a conversion is kept.
import type { LogResource } from '../core/resources.ts';
import { OWNER_COLUMNS, RECORD_COLUMNS } from './page-format.ts';
import { markTimes, placesOfConversions } from './rollup-marks.ts';

const columnsOf = (resource: LogResource): string[] => [...OWNER_COLUMNS, ...RECORD_COLUMNS[resource]];

const copyInto = (table: string, resource: LogResource): string =>
  `copy ${table} (${columnsOf(resource).join(', ')}) from stdin`;

/**
 * What a tracker does not tell is not taken back: a panel that had to be asked with fewer columns is silent about money
 * and places that are known. Nothing of a click or a conversion turns into nothing; money turns into 0.
 */
const assignments = (table: string, resource: LogResource): string =>
  columnsOf(resource)
    .filter((column) => !['tracker_config_id', 'organization_id', 'external_id'].includes(column))
    .map((column) => `${column} = ${told(table, column)}`)
    .join(', ');

const told = (table: string, column: string): string =>
  column === 'sub_ids'
    ? `coalesce(${table}.sub_ids || excluded.sub_ids, excluded.sub_ids, ${table}.sub_ids)`
    : `coalesce(excluded.${column}, ${table}.${column})`;

/** What differs from what is stored, found by the key's index; an unchanged row costs no write. */
const differing = (table: string, resource: LogResource): string => `
  select s.* from staged_${resource} s
  left join ${table} t on t.tracker_config_id = $1 and t.external_id = s.external_id
  where t.row_hash is distinct from s.row_hash`;

/** A derived click never replaces a real one; a real one replaces a derived one. */
const upsertClicks = `
  with written as (
    insert into click (${columnsOf('clicks').join(', ')})
    select ${columnsOf('clicks').join(', ')} from (${differing('click', 'clicks')}) d order by external_id
    on conflict (tracker_config_id, external_id) do update set ${assignments('click', 'clicks')}
    where click.is_derived or not excluded.is_derived
    returning (old.external_id is null) as is_new, new.organization_id, new.external_id,
      old.clicked_at as old_clicked_at, new.clicked_at
  ),
  marked as (${markTimes(
    `select 'click' as source, t.at from written w cross join lateral (values (old_clicked_at), (clicked_at)) t (at)
    union all ${placesOfConversions('written w', ['w.old_clicked_at', 'w.clicked_at'])}`,
    '(select organization_id from written limit 1)',
  )})
  select count(*) filter (where is_new)::int as inserted, count(*)::int as written from written`;

const MONEY_AND_STATUS = ['raw_status', 'is_reversal', 'revenue', 'payout', 'currency'];
const list = (prefix: string): string => MONEY_AND_STATUS.map((column) => `${prefix}.${column}`).join(', ');

const upsertConversions = `
  with written as (
    insert into conversion (${columnsOf('conversions').join(', ')})
    select ${columnsOf('conversions').join(', ')} from (${differing('conversion', 'conversions')}) d order by external_id
    on conflict (tracker_config_id, external_id) do update set ${assignments('conversion', 'conversions')}, updated_at = now()
    returning new.id, new.organization_id, new.tracker_config_id, (old.external_id is null) as is_new,
      old.converted_at as old_converted_at, new.converted_at, old.clicked_at as old_clicked_at, new.clicked_at,
      old.click_external_id as old_click, new.click_external_id as new_click,
      ${list('new')}, ${MONEY_AND_STATUS.map((column) => `old.${column} as old_${column}`).join(', ')}
  ),
  noted as (
    insert into conversion_change (organization_id, tracker_config_id, conversion_id, ${MONEY_AND_STATUS.join(', ')})
    select organization_id, tracker_config_id, id, ${MONEY_AND_STATUS.join(', ')} from written
    where is_new or (${MONEY_AND_STATUS.join(', ')}) is distinct from (${MONEY_AND_STATUS.map((column) => `old_${column}`).join(', ')})
  ),
  marked as (${markTimes(
    `select 'conversion' as source, t.at from written w
    cross join lateral (values (old_converted_at), (converted_at), (old_clicked_at), (clicked_at)) t (at)
    union all
    select 'conversion', k.clicked_at from written w
    cross join lateral (values (w.old_click), (w.new_click)) own (click)
    join click k on k.tracker_config_id = $1 and k.external_id = own.click
    where w.clicked_at is null or (w.old_clicked_at is null and not w.is_new)`,
    '(select organization_id from written limit 1)',
  )})
  select count(*) filter (where is_new)::int as inserted, count(*)::int as written from written`;

export const STRAIGHT = copyInto('click', 'clicks');

export const UPSERT: Record<LogResource, { copyInto: string; upsert: string }> = {
  clicks: { copyInto: copyInto('staged_clicks', 'clicks'), upsert: upsertClicks },
  conversions: { copyInto: copyInto('staged_conversions', 'conversions'), upsert: upsertConversions },
};

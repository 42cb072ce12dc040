// Which columns each generation of the panel knows.
import { type ColumnTables, clickColumns } from './click-columns.ts';
import { conversionColumns } from './conversion-columns.ts';
import type { KeitaroOptions } from './options.ts';

const confirmedClickColumns = ['event_id', 'event_type', 'sub_id', 'sub_id_1', 'campaign', 'campaign_id', 'datetime'];
const confirmedConversionColumns = [
  'event_id',
  'sub_id_1',
  'sub_id_2',
  'sub_id_3',
  'status',
  'revenue',
  'datetime',
  'click_datetime',
];
/** Names of the classic generation that v11 answers with 400. */
const goneInV11 = ['click_id', 'conversion_id', 'postback_datetime', 'visitor_code', 'sale_period', 'conversion_type'];

const eventColumns: ColumnTables['row'] = {
  event_type: () => '"click"',
  event_id: ({ ledger, index }) => `"${ledger.fields.uuid(index)}"`,
};
const conversionEventColumns: ColumnTables['row'] = {
  event_type: () => '"conversion"',
  event_id: ({ ledger, conversion }) => `"${ledger.conversions.uuidOf(conversion)}"`,
};

/** The columns that a panel with these options accepts in one of its logs. */
export function columnsOf(log: 'clicks' | 'conversions', options: KeitaroOptions): ColumnTables {
  const tables = log === 'clicks' ? clickColumns : conversionColumns;
  const gone = new Set(
    Array.from({ length: 30 - options.subIds }, (_, index) => `sub_id_${options.subIds + index + 1}`),
  );
  if (log === 'conversions' && options.omitsClickDatetime) gone.add('click_datetime');
  if (options.build === 'classic') return only(tables, (name) => !gone.has(name));
  for (const name of goneInV11) gone.add(name);
  const events = log === 'clicks' ? eventColumns : conversionEventColumns;
  const wide = { ...tables, row: { ...tables.row, ...events } };
  const confirmed = new Set(log === 'clicks' ? confirmedClickColumns : confirmedConversionColumns);
  return only(wide, (name) => !gone.has(name) && (options.v11Columns === 'wide' || confirmed.has(name)));
}

function only(tables: ColumnTables, isKnown: (name: string) => boolean): ColumnTables {
  const pick = <Table extends Record<string, unknown>>(table: Table) =>
    Object.fromEntries(Object.entries(table).filter(([name]) => isKnown(name))) as Table;
  return {
    path: pick(tables.path),
    variant: pick(tables.variant),
    place: pick(tables.place),
    device: pick(tables.device),
    second: pick(tables.second),
    row: pick(tables.row),
  };
}

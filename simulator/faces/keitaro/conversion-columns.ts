// The columns of the conversion log: those of clicks, and the conversion's own.

import { jsonText as text } from '../../json-text.ts';
import { shownIdOf } from '../../ledger/conversions.ts';
import { type ColumnTables, clickColumns } from './click-columns.ts';
import type { RowScope } from './row-scope.ts';

/** Words that networks send, where they differ from the panel's own. */
const networkWords: Record<string, string> = { sale: 'approved', lead: 'pending', rejected: 'declined' };

const row: ColumnTables['row'] = {
  conversion_id: ({ conversion, quirks }) => quirks.id(shownIdOf(conversion)),
  click_datetime: ({ zone, clickSecond }) => `"${zone.wallOf(clickSecond)}"`,
  postback_datetime: ({ zone, second }) => `"${zone.wallOf(second)}"`,
  sale_datetime: ({ zone, state }) => (state?.saleSecond ? `"${zone.wallOf(state.saleSecond)}"` : '""'),
  sale_period: ({ clickSecond, state }) => String(state?.saleSecond ? state.saleSecond - clickSecond : 0),
  tid: ({ ledger, conversion }) => text(ledger.conversions.tidOf(conversion)),
  status: ({ state }) => text(state?.status ?? ''),
  previous_status: ({ state }) => text(state?.previousStatus ?? ''),
  original_status: ({ state }) => text(networkWords[state?.status ?? ''] ?? state?.status ?? ''),
  conversion_type: ({ state }) => text(state?.status ?? ''),
  params: (scope) => text(paramsOf(scope)),
  revenue: ({ quirks, state }) => quirks.money(state?.revenueMicros ?? 0),
  profit: ({ quirks, state, costMicros }) => quirks.money((state?.revenueMicros ?? 0) - costMicros),
};

function paramsOf({ ledger, index, conversion, state }: RowScope): string {
  return JSON.stringify({
    subid: ledger.fields.subId(index),
    status: state?.status ?? '',
    tid: ledger.conversions.tidOf(conversion),
  });
}

export const conversionColumns: ColumnTables = { ...clickColumns, row: { ...clickColumns.row, ...row } };

// POST /clicks/log and POST /conversions/log.

import { AsciiBuffer } from '../../ascii-buffer.ts';
import type { AnswerNotes, FaceAnswer, FaceContext } from '../face.ts';
import { invalidField, jsonAnswer, Refusal } from './answers.ts';
import { columnsOf } from './generations.ts';
import {
  type Body,
  parseFilters,
  parseNames,
  parseRange,
  parseRowNumber,
  parseSort,
  type Range,
} from './log-request.ts';
import { Quirks } from './quirks.ts';
import { RowScope } from './row-scope.ts';
import { RowWriter, unknownColumns } from './row-writer.ts';
import { type LogView, select } from './selection.ts';

/** Answers a page of a log; `notes` receives what was asked and how many rows went out. */
export function answerLog(
  log: 'clicks' | 'conversions',
  body: Body,
  context: FaceContext,
  notes: AnswerNotes,
): FaceAnswer {
  const { ledger } = context;
  const options = context.options.keitaro;
  const columns = parseNames(body, 'columns');
  if (!columns || columns.length === 0) throw invalidField('columns', 'This value should not be blank.');
  const range = parseRange(body);
  const filters = parseFilters(body);
  const sort = parseSort(body);
  const offset = parseRowNumber(body, 'offset', 0);
  const limit = Math.min(parseRowNumber(body, 'limit', options.maxLimit), options.maxLimit);
  Object.assign(notes, { window: range.asked, offset, limit });

  const tables = columnsOf(log, options);
  const unknown = unknownColumns([...columns, ...sort.map(({ name }) => name)], tables);
  if (unknown.length > 0) throw new Refusal(400, `Unknown column '${unknown[0]}'`);

  const scope = new RowScope(ledger, new Quirks(options), options, range.zone, ledger.now());
  const view = log === 'clicks' ? clickView(scope) : conversionView(scope);
  const selection = select(view, tables, scope, { range, filters, sort });
  const writer = new RowWriter(columns, tables, scope);
  const numbers = selection.page(offset, limit);
  const page = new AsciiBuffer();
  page.append('{"rows":[');
  for (let position = 0; position < numbers.length; position++) {
    view.point(scope, numbers[position]!);
    page.append(position === 0 ? writer.write() : `,${writer.write()}`);
  }
  page.append(`]${scope.quirks.total(selection.total)},"meta":[]}`);
  notes.rows = numbers.length;
  return jsonAnswer(page.bytes(), notes);
}

/** Clicks by their time. */
function clickView({ ledger, asOf }: RowScope): LogView {
  const { order } = ledger;
  const endOf = (range: Range) => Math.min(range.to, asOf);
  return {
    timeColumns: ['datetime'],
    all: (range) => ({
      total: order.count(range.from, endOf(range)),
      page: (offset, limit) => order.slice(range.from, endOf(range), offset, limit),
    }),
    point: (scope, index) => scope.setClick(index, order.secondOf(index)),
  };
}

/** Conversions by the time of their first postback. */
function conversionView({ ledger, asOf }: RowScope): LogView {
  const { conversions } = ledger;
  return {
    timeColumns: ['datetime', 'postback_datetime'],
    all: (range) => {
      const { first, end } = conversions.postbacksBetween(range.from, Math.min(range.to, asOf));
      return {
        total: end - first,
        page: (offset, limit) =>
          conversions.inPostbackOrder(Math.min(first + offset, end), Math.min(first + offset + limit, end)),
      };
    },
    point: (scope, id) => scope.setConversion(id),
  };
}

// Which rows a log request means, and in which order: filters and sorting over the ledger's own order.

import type { Path } from '../../ledger/catalog.ts';
import { Refusal } from './answers.ts';
import type { ColumnTables } from './click-columns.ts';
import type { Filter, Range, SortTerm } from './log-request.ts';
import type { RowScope } from './row-scope.ts';

/** Numbers of clicks or conversions, readable from any position. */
export interface Selection {
  total: number;
  page(offset: number, limit: number): number[];
}

/** One of the two logs, as the selection sees it. */
export interface LogView {
  /** Names that sort by the log's own time. */
  timeColumns: string[];
  all(range: Range): Selection;
  /** Points the scope at one row. */
  point(scope: RowScope, number: number): void;
}

type Value = string | number | boolean | null;

/** Selects in O(log n) per page without filters and in the log's order; else by a pass over the range. */
export function select(
  view: LogView,
  tables: ColumnTables,
  scope: RowScope,
  request: { range: Range; filters: Filter[]; sort: SortTerm[] },
): Selection {
  const everything = view.all(request.range);
  const direction = nativeDirection(view, request.sort);
  if (request.filters.length === 0 && direction === 'ascending') return everything;
  if (request.filters.length === 0 && direction === 'descending') return reversed(everything);

  const tests = request.filters.map((filter) => testOf(filter, readerOf(tables, filter.name)));
  let numbers = everything.page(0, everything.total).filter((number) => {
    view.point(scope, number);
    return tests.every((test) => test(scope));
  });
  if (direction === 'descending') numbers.reverse();
  if (direction === null) numbers = sorted(view, tables, scope, request.sort, numbers);
  return { total: numbers.length, page: (offset, limit) => numbers.slice(offset, offset + limit) };
}

/** The log's own order is by time, then by sub id. */
function nativeDirection(view: LogView, sort: SortTerm[]): 'ascending' | 'descending' | null {
  const [first, second, ...rest] = sort;
  if (!first) return 'ascending';
  if (!view.timeColumns.includes(first.name) || rest.length > 0) return null;
  if (second && (second.name !== 'sub_id' || second.isDescending !== first.isDescending)) return null;
  return first.isDescending ? 'descending' : 'ascending';
}

function reversed(selection: Selection): Selection {
  const { total } = selection;
  return {
    total,
    page(offset, limit) {
      const end = Math.max(0, total - offset);
      const first = Math.max(0, end - limit);
      return selection.page(first, end - first).reverse();
    },
  };
}

function sorted(view: LogView, tables: ColumnTables, scope: RowScope, sort: SortTerm[], numbers: number[]): number[] {
  const readers = sort.map(({ name }) =>
    view.timeColumns.includes(name) ? (row: RowScope): Value => row.second : readerOf(tables, name),
  );
  const keyed = numbers.map((number) => {
    view.point(scope, number);
    return { number, keys: readers.map((read) => read(scope)) };
  });
  keyed.sort((a, b) => {
    for (const [position, term] of sort.entries()) {
      const order = compare(a.keys[position]!, b.keys[position]!);
      if (order !== 0) return term.isDescending ? -order : order;
    }
    return 0;
  });
  return keyed.map(({ number }) => number);
}

/** Reads one column of the row the scope points at, whatever its value depends on. */
export function readerOf(tables: ColumnTables, name: string): (scope: RowScope) => Value {
  const { path, variant, place, device, second, row } = tables;
  const pathWriter = path[name];
  if (pathWriter) {
    const known = new Map<Path, Value>();
    return (scope) => {
      const entity = scope.pathEntity;
      let value = known.get(entity);
      if (value === undefined) {
        value = parsed(pathWriter(scope.campaignEntity, entity, scope.quirks));
        known.set(entity, value);
      }
      return value;
    };
  }
  const variantWriter = variant[name];
  if (variantWriter) return (scope) => parsed(variantWriter(scope.variantEntity));
  const placeWriter = place[name];
  if (placeWriter) return (scope) => parsed(placeWriter(scope.placeEntity));
  const deviceWriter = device[name];
  if (deviceWriter) return (scope) => parsed(deviceWriter(scope.deviceEntity));
  const secondWriter = second[name];
  if (secondWriter) {
    let second = Number.NaN;
    let value: Value = null;
    return (scope) => {
      if (scope.second !== second) {
        second = scope.second;
        value = parsed(secondWriter(scope.zone.wallOf(second)));
      }
      return value;
    };
  }
  const rowWriter = row[name];
  if (rowWriter) return (scope) => parsed(rowWriter(scope));
  throw new Refusal(400, `Unknown column '${name}'`);
}

function testOf(
  { name, operator, expression }: Filter,
  read: (scope: RowScope) => Value,
): (scope: RowScope) => boolean {
  const list = (Array.isArray(expression) ? expression : [expression]).map(String);
  const first = list[0] ?? '';
  const tests: Record<string, (value: Value) => boolean> = {
    EQUALS: (value) => String(value) === first,
    NOT_EQUAL: (value) => String(value) !== first,
    IN_LIST: (value) => list.includes(String(value)),
    NOT_IN_LIST: (value) => !list.includes(String(value)),
    BEGINS_WITH: (value) => String(value).startsWith(first),
    ENDS_WITH: (value) => String(value).endsWith(first),
    CONTAINS: (value) => String(value).includes(first),
    NOT_CONTAIN: (value) => !String(value).includes(first),
    GREATER_THAN: (value) => Number(value) > Number(first),
    LESS_THAN: (value) => Number(value) < Number(first),
    EQUALS_OR_GREATER_THAN: (value) => Number(value) >= Number(first),
    EQUALS_OR_LESS_THAN: (value) => Number(value) <= Number(first),
    BETWEEN: (value) => Number(value) >= Number(first) && Number(value) <= Number(list[1]),
    IS_SET: (value) => value !== '' && value !== null,
    IS_NOT_SET: (value) => value === '' || value === null,
    IS_TRUE: (value) => Number(value) === 1,
    IS_FALSE: (value) => Number(value) === 0,
  };
  const test = tests[operator];
  if (!test) throw new Refusal(400, `Unknown operator '${operator}' of filter '${name}'`);
  return (scope) => test(read(scope));
}

function parsed(json: string): Value {
  return JSON.parse(json) as Value;
}

function compare(a: Value, b: Value): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [left, right] = [String(a), String(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

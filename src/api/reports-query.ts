// What a report can be asked for, checked to the last word: what we cannot answer is refused, never guessed.
import { z } from '@hono/zod-openapi';
import { CONVERSION_STATUSES } from '../core/statuses.ts';
import { DAY_MS } from '../core/windows.ts';
import type { ReportAsk } from '../store/reports-ask.ts';
import { REPORT_COLUMNS, type ReportColumn } from '../store/reports-columns.ts';
import {
  AD_DIMENSIONS,
  CONVERSION_DIMENSIONS,
  ENTITY_DIMENSIONS,
  isEntity,
  isTime,
  type ReportDimension,
  TIME_DIMENSIONS,
  type TimeDimension,
} from '../store/reports-dimensions.ts';
import { currency } from './ads-lines.ts';
import { isUuid } from './ids.ts';
import { badInput } from './problems.ts';
import { SUB_ID_FIELDS } from './sub-ids.ts';
import { timeQuery } from './wire.ts';

export const DIMENSIONS = [
  'config',
  'trackerType',
  ...ENTITY_DIMENSIONS,
  ...CONVERSION_DIMENSIONS,
  'country',
  'deviceType',
  'os',
  'browser',
  ...TIME_DIMENSIONS,
  ...AD_DIMENSIONS,
  ...SUB_ID_FIELDS,
] as const satisfies readonly ReportDimension[];

const MOST_DIMENSIONS = 6;
const LONGEST_DAYS = 400;
const USUAL_DAYS = 30;
const FILTER = 'filter.';

const filterValue = z.union([z.string(), z.array(z.string())]).optional();
type FilterField = `filter.${(typeof DIMENSIONS)[number]}`;

/** A time is named as the report names it: a week by its Monday. */
const TIME_VALUES: Readonly<Record<TimeDimension, { is: RegExp; example: string }>> = {
  hour: { is: /^\d{4}-\d\d-\d\dT\d\d:00[+-]\d\d:\d\d$/, example: '2026-11-02T09:00+01:00' },
  day: { is: /^\d{4}-\d\d-\d\d$/, example: '2026-11-02' },
  week: { is: /^\d{4}-\d\d-\d\d$/, example: '2026-11-02' },
  month: { is: /^\d{4}-\d\d$/, example: '2026-11' },
};

/** Of these there is no row without a value that could be asked for. */
const hasAlways = (name: ReportDimension): boolean =>
  name === 'config' || name === 'trackerType' || name === 'status' || isTime(name);

function filterFields() {
  const fieldOf = (name: ReportDimension) => {
    const told = isTime(name) ? ` As the report tells it, by the clocks of tz: ${TIME_VALUES[name].example}.` : '';
    const none = hasAlways(name) ? '' : ' Empty: what has none, told as null.';
    return filterValue.openapi({ description: `Repeat it for several values.${told}${none}` });
  };
  type Field = ReturnType<typeof fieldOf>;
  // The list has every name once, which the type of fromEntries does not say.
  return Object.fromEntries(DIMENSIONS.map((name) => [`${FILTER}${name}`, fieldOf(name)])) as Record<
    FilterField,
    Field
  >;
}

export const reportQuery = z.strictObject({
  groupBy: z
    .string()
    .max(500)
    .default('')
    .openapi({ description: 'Dimensions, comma-separated.', example: 'campaign,day' }),
  from: timeQuery.optional().openapi({ description: `${USUAL_DAYS} days before to, where not given.` }),
  to: timeQuery.optional().openapi({ description: 'Now, where not given.' }),
  tz: z.string().max(100).default('UTC').openapi({ description: 'IANA time zone in which days begin.' }),
  by: z.enum(['click', 'conversion']).default('click').openapi({ description: 'Whose time counts for conversions.' }),
  configId: filterValue,
  sort: z
    .string()
    .max(50)
    .optional()
    .openapi({ description: 'A column or a dimension; - before it for descending.', example: '-revenue' }),
  top: z.coerce
    .number()
    .int()
    .min(1)
    .max(10_000)
    .default(1_000)
    .openapi({ description: 'Rows at most; the rest is folded into one per currency.' }),
  compare: z.enum(['previous']).optional(),
  currency: currency
    .optional()
    .openapi({ description: 'All money in this one, by the rates that were given (PUT /rates).' }),
  ...filterFields(),
});

/**
 * The zone is the caller's to look at.
 * @param trackerTypes those that there are
 * @throws Problem
 */
export function reportAskOf(
  query: z.output<typeof reportQuery>,
  now: Date,
  trackerTypes: readonly string[],
): ReportAsk {
  const groupBy =
    query.groupBy === '' ? [] : query.groupBy.split(',').map((name) => dimensionOf(name.trim(), 'groupBy'));
  if (new Set(groupBy).size !== groupBy.length) throw badInput('groupBy', 'names a dimension twice');
  if (groupBy.length > MOST_DIMENSIONS) throw badInput('groupBy', `has more than ${MOST_DIMENSIONS} dimensions`);
  const to = query.to ?? now;
  const from = query.from ?? new Date(to.getTime() - USUAL_DAYS * DAY_MS);
  if (from >= to) throw badInput('to', 'must be after from');
  if (to.getTime() - from.getTime() > LONGEST_DAYS * DAY_MS)
    throw badInput('from', `must not be more than ${LONGEST_DAYS} days before to`);
  return {
    ...{ groupBy, from, to, zone: query.tz, by: query.by, top: query.top },
    filters: filtersOf(query, { status: CONVERSION_STATUSES, trackerType: trackerTypes }),
    sort: sortOf(query.sort, groupBy),
    comparesPrevious: query.compare === 'previous',
    currency: query.currency ?? null,
  };
}

function dimensionOf(name: string, path: string): ReportDimension {
  const found = DIMENSIONS.find((dimension) => dimension === name);
  if (found !== undefined) return found;
  throw badInput(
    path,
    `${name === '' ? 'an empty name' : name} is not a dimension; there are ${[...DIMENSIONS.slice(0, -SUB_ID_FIELDS.length), 'subId1 … subId30'].join(', ')}`,
  );
}

/** @param lists what a filter's value must be one of */
function filtersOf(
  query: z.output<typeof reportQuery>,
  lists: Partial<Record<ReportDimension, readonly string[]>>,
): ReportAsk['filters'] {
  const asked = DIMENSIONS.map((dimension) => ({
    dimension,
    path: `${FILTER}${dimension}`,
    value: query[`${FILTER}${dimension}`],
  }));
  const all = [...asked, { dimension: 'config' as const, path: 'configId', value: query.configId }];
  return all.flatMap(({ dimension, path, value }) => {
    if (value === undefined) return [];
    const values = typeof value === 'string' ? [value] : value;
    if (isTime(dimension) && !values.every((time) => TIME_VALUES[dimension].is.test(time)))
      throw badInput(path, `must be told as ${TIME_VALUES[dimension].example}, its + in an address written %2B`);
    const list = lists[dimension];
    if (list !== undefined && !values.every((one) => list.includes(one)))
      throw badInput(path, `must be one of ${list.join(', ')}`);
    if (dimension === 'config' && !values.every(isUuid)) throw badInput(path, 'must be one of our ids');
    if (isEntity(dimension) && !values.every((one) => one === '' || isUuid(one)))
      throw badInput(path, 'must be one of our ids, or empty for what has none');
    return [{ dimension, values }];
  });
}

/** Time first where a report has one, else the most clicks. */
function sortOf(given: string | undefined, groupBy: readonly ReportDimension[]): ReportAsk['sort'] {
  if (given === undefined) {
    const time = groupBy.find(isTime);
    return time === undefined ? { by: 'clicks', isDescending: true } : { by: time, isDescending: false };
  }
  const isDescending = given.startsWith('-');
  const name = isDescending ? given.slice(1) : given;
  const by = [...REPORT_COLUMNS, ...groupBy].find((known): known is ReportColumn | ReportDimension => known === name);
  if (by === undefined) throw badInput('sort', `must be a dimension of groupBy or one of ${REPORT_COLUMNS.join(', ')}`);
  return { by, isDescending };
}

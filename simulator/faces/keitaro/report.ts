// POST /report/build: totals by dimensions, every conversion booked on its click's day.

import { asciiJson } from '../../json-text.ts';
import type { AnswerNotes, FaceAnswer, FaceContext } from '../face.ts';
import { invalidField, jsonAnswer, Refusal } from './answers.ts';
import { columnsOf } from './generations.ts';
import { type Body, parseFilters, parseNames, parseRange, parseRowNumber } from './log-request.ts';
import { Quirks } from './quirks.ts';
import { noSums, type ReportSums, reportMetrics } from './report-metrics.ts';
import { RowScope } from './row-scope.ts';
import { readerOf, select } from './selection.ts';

const defaultMetrics = ['clicks', 'conversions', 'revenue', 'cost'];
const pageClicks = 20_000;

/** Answers one row per combination of the asked dimensions that has clicks. Old panels say grouping and metrics, new ones
 * dimensions and measures. */
export function answerReport(body: Body, context: FaceContext, notes: AnswerNotes): FaceAnswer {
  const { ledger } = context;
  const options = context.options.keitaro;
  const range = parseRange(body);
  notes.window = range.asked;
  const { dimensions, metrics } = wordsOf(body, options.reportWords);
  const writers = metrics.map((name) => {
    const write = reportMetrics[name];
    if (!write) throw new Refusal(400, `Unknown metric '${name}'`);
    return { name, write };
  });
  // A report knows clicks by their classic names in every generation.
  const tables = columnsOf('clicks', { ...options, build: 'classic' });
  const scope = new RowScope(ledger, new Quirks(options), options, range.zone, ledger.now());
  const dayColumns = new Set(['day', 'date']);
  const readers = dimensions.map((name) => readerOf(tables, dayColumns.has(name) ? 'day' : name));

  const { order } = ledger;
  const view = {
    timeColumns: ['datetime'],
    all: () => ({
      total: order.count(range.from, Math.min(range.to, scope.asOf)),
      page: (offset: number, limit: number) => order.slice(range.from, Math.min(range.to, scope.asOf), offset, limit),
    }),
    point: (row: RowScope, index: number) => row.setClick(index, order.secondOf(index)),
  };
  const selection = select(view, tables, scope, { range, filters: parseFilters(body), sort: [] });
  const groups = new Map<string, { values: unknown[]; sums: ReportSums }>();
  for (let offset = 0; offset < selection.total; offset += pageClicks) {
    for (const index of selection.page(offset, pageClicks)) {
      view.point(scope, index);
      const values = readers.map((read) => read(scope));
      const key = values.join('\u0000');
      let group = groups.get(key);
      if (!group) {
        group = { values, sums: { ...noSums } };
        groups.set(key, group);
      }
      addClick(group.sums, scope);
    }
  }
  const rows = [...groups.values()].map(({ values, sums }) => {
    const dimensionTexts = dimensions.map((name, position) => `"${name}":${asciiJson(values[position])}`);
    const metricTexts = writers.map(({ name, write }) => `"${name}":${write(sums, scope.quirks)}`);
    return `{${[...dimensionTexts, ...metricTexts].join(',')}}`;
  });
  const offset = parseRowNumber(body, 'offset', 0);
  const limit = parseRowNumber(body, 'limit', rows.length);
  const page = rows.slice(offset, offset + limit);
  notes.rows = page.length;
  return jsonAnswer(`{"rows":[${page.join(',')}],"total":${rows.length},"meta":[]}`, notes);
}

function addClick(sums: ReportSums, scope: RowScope): void {
  const { ledger, index, result } = scope;
  sums.clicks++;
  sums.costMicros += scope.costMicros;
  if (ledger.fields.isUniqueInCampaign(index)) sums.uniqueClicks++;
  if (ledger.isBot(index)) sums.bots++;
  if (ledger.landingClickedAt(index, scope.second, scope.hasLanding) !== null) sums.landingClicks++;
  if (!result) return;
  sums.revenueMicros += result.revenueMicros;
  sums.leadMicros += result.leadMicros;
  sums.saleMicros += result.saleMicros;
  sums.rejectedMicros += result.rejectedMicros;
  sums.leads += result.leads;
  sums.sales += result.sales;
  sums.rejected += result.rejected;
  sums.rebills += result.rebills;
  sums.conversions += result.conversions;
}

function wordsOf(body: Body, words: 'grouping' | 'dimensions' | 'both'): { dimensions: string[]; metrics: string[] } {
  const takesOld = words !== 'dimensions';
  const takesNew = words !== 'grouping';
  const dimensions = (takesNew && parseNames(body, 'dimensions')) || (takesOld && parseNames(body, 'grouping')) || null;
  const metrics = (takesNew && parseNames(body, 'measures')) || (takesOld && parseNames(body, 'metrics')) || null;
  if (!dimensions && !metrics) {
    throw invalidField(takesOld ? 'metrics' : 'measures', 'This value should not be blank.');
  }
  return { dimensions: dimensions ?? [], metrics: metrics ?? defaultMetrics };
}

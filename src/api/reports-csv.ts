// A report as CSV: a line for each row, with names and the trackers' ids of what it is grouped by.
import type { ReportAsk, ReportKey } from '../store/reports-ask.ts';
import { REPORT_COLUMNS } from '../store/reports-columns.ts';
import { isAd, isEntity, type ReportDimension } from '../store/reports-dimensions.ts';
import type { Cell, CsvColumn } from './csv.ts';
import type { ReportLine, ReportNumbersAnswer } from './reports-answer.ts';

const hasName = (name: ReportDimension): boolean => name === 'config' || isEntity(name) || isAd(name);
const nameOf = (key: ReportKey | undefined): Cell =>
  typeof key === 'object' && key !== null ? key.name : (key ?? null);
const idOf = (key: ReportKey | undefined): Cell => (typeof key === 'object' && key !== null ? key.externalId : null);

/** Of the dimensions that there are, each has its place in the keys. */
const keyOf = ({ keys }: ReportLine, name: ReportDimension): ReportKey | undefined =>
  keys[name as keyof ReportLine['keys']];

export function reportColumns({ groupBy, comparesPrevious }: ReportAsk): CsvColumn<ReportLine>[] {
  const keys = groupBy.flatMap((name): CsvColumn<ReportLine>[] => [
    { name, of: (line) => nameOf(keyOf(line, name)) },
    ...(hasName(name) ? [{ name: `${name}ExternalId`, of: (line: ReportLine) => idOf(keyOf(line, name)) }] : []),
  ]);
  const numbers = (prefix: string, of: (line: ReportLine) => ReportNumbersAnswer | undefined) =>
    REPORT_COLUMNS.map((column) => ({
      name: prefix === '' ? column : `${prefix}${column[0]!.toUpperCase()}${column.slice(1)}`,
      of: (line: ReportLine): Cell => of(line)?.[column] ?? null,
    }));
  return [
    ...keys,
    { name: 'isRest', of: ({ isRest }) => isRest },
    { name: 'currency', of: ({ currency }) => currency },
    ...numbers('', (line) => line),
    ...(comparesPrevious ? numbers('previous', ({ previous }) => previous) : []),
  ];
}

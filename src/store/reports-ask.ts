// What a report is asked for, and what its lines are.
import type { ReportColumn, ReportNumbers } from './reports-columns.ts';
import type { ReportDimension, Source } from './reports-dimensions.ts';

export interface ReportAsk {
  groupBy: readonly ReportDimension[];
  from: Date;
  to: Date;
  zone: string;
  /** Whose time counts for a conversion. */
  by: Source;
  filters: readonly { dimension: ReportDimension; values: readonly string[] }[];
  sort: { by: ReportColumn | ReportDimension; isDescending: boolean };
  top: number;
  comparesPrevious: boolean;
  /** All money in this one; null: each in its own. */
  currency?: string | null;
  /** Trackers whose click log is not complete: their own daily totals tell clicks and cost. */
  typesWithoutClickLog?: readonly string[];
}

/** A dimension's value: a text, or an entry of ours; `configId` is whose catalog it is of. */
export type ReportKey =
  | string
  | null
  | { id: string | null; externalId: string; name: string | null; configId?: string };

export interface ReportRow {
  /** `unrated` and `rated` tell of rates: money that had none, and how old the oldest rate is. */
  kind: 'row' | 'rest' | 'total' | 'unrated' | 'rated';
  keys: Partial<Record<ReportDimension, ReportKey>>;
  currency: string;
  now: ReportNumbers;
  /** Null where no comparison was asked for. */
  previous: ReportNumbers | null;
  /** What is not known of it: clicks and cost, clicks alone, or of clicks no more than their number. */
  untold: 'clicks' | 'counts' | 'details' | null;
  /** Of `unrated` lines the days, of `rated` ones an age in days. */
  note: string | null;
}

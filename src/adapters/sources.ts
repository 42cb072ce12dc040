// What a tracker is asked and what comes of it, as data: requests, lists, logs, daily totals, and how their rows become records.
import type {
  CatalogRecords,
  CatalogResource,
  ClickRecord,
  Evidence,
  Json,
  JsonObject,
  LogRecords,
  LogResource,
} from '../core/resources.ts';
import type { Range } from '../core/windows.ts';
import type { LogPaging, Paging } from './paging.ts';

/** One call, below the adapter's API path. */
export interface TrackerRequest {
  method: 'GET' | 'POST';
  /** Begins with a slash. */
  path: string;
  /** Below the tracker's URL itself, beside the API's path. */
  isFromRoot?: boolean;
  /** A list stands for a parameter that comes several times. */
  query?: Record<string, string | number | readonly string[]>;
  body?: JsonObject;
}

/** What a mapping may need to know beside the row itself. */
export interface MapContext {
  /** The account's currency, where the tracker names none. */
  currency: string;
  /** The account's time zone, where a time names none. */
  timezone: string;
  /** Of the entry whose list is read, where there is a call per parent. */
  parentId: string | null;
  /** The UTC day that was asked for, where a report is asked for day by day. */
  day: string | null;
  /** The id behind a name, where a log has a look-up (`NameSource`); null for none, and for a name that several have. */
  idOf(resource: CatalogResource, name: string | null): string | null;
}

/** A list of things: its request, how it pages, where the items are. */
export interface Listing {
  request(page: PageAsk, parentId: string | null): TrackerRequest;
  paging: Paging;
  /** The items of an answer; null where the answer has another shape. */
  items(body: Json): Json[] | null;
  /** The tracker's own count of the whole list, where it gives one. */
  total?(body: Json): number | null;
  /** Of a list that has more than is wanted: pages are counted before, so that a short rest does not end them. */
  keeps?(item: JsonObject): boolean;
  /** One call for each entry of another resource, e.g. a campaign's flows. */
  perParent?: CatalogResource;
  /** Not every version has it: 400, 404 and 405 mean that there is none. */
  isOptional?: boolean;
}

/** What a request for a page is told: how many items to ask for, and where to begin. */
export interface PageAsk {
  limit: number;
  offset: number;
  page: number;
  token: string | null;
}

export interface CatalogSource<R extends CatalogResource> {
  evidence: Evidence;
  note?: string;
  /** Read one after another into one pass; the archived entries often have a list of their own. */
  listings: readonly Listing[];
  map(item: JsonObject, context: MapContext): CatalogRecords[R];
}

/** One way of asking for a log; builds of a tracker differ in the columns they know. */
export interface LogVariant {
  /** @param parentId whose rows are asked for, where there is a log for each parent */
  request(window: Range, page: PageAsk, parentId: string | null): TrackerRequest;
  /**
   * What its rows may leave out that those of others have: taken where it is found first, never fallen to later. Without
   * `words` (of status, of places) a fuller way is tried again each day; without parts of their `keys` rows stay as they
   * are: by other keys, they would be stored twice.
   */
  lacks?: 'words' | 'keys';
}

/** The entries whose rows a window has, each with a log of its own. */
export interface LogParents {
  request(window: Range, page: PageAsk): TrackerRequest;
  paging: Paging;
  items(body: Json): Json[] | null;
  total(body: Json): number | null;
  idOf(item: JsonObject): string | null;
}

/** A call that tells the ids of names: some logs name what a row went through, and leave out the ids. */
export interface NameSource {
  request(): TrackerRequest;
  /** Null where the answer has another shape. */
  names(body: Json): { resource: CatalogResource; id: string; name: string }[] | null;
}

export interface LogSource<R extends LogResource> {
  evidence: Evidence;
  note?: string;
  /** Looked up once a session, before the first page. */
  names?: NameSource;
  /** The smallest window that the tracker can be asked for, in milliseconds. */
  grainMs: number;
  /**
   * Given where the tracker takes whole grains alone, perhaps of another zone: windows are asked for in whole grains with
   * so much more on both sides, and what comes is cut to the window by the rows' own times. With 0, whether the end of a
   * time is in it is all that is open: a row from elsewhere is a contradiction.
   */
  marginMs?: number;
  /** Its rows come in no order: none is checked, and a window cannot be cut after a page. */
  unordered?: true;
  /** The days of one planned window, where margins or calls make small ones dear. */
  windowDays?: number;
  /** It gives the latest rows alone: history before that is not asked for, and what it tells is no whole day. */
  reachMs?: number;
  /** Asked for once for each of them. */
  parents?: LogParents;
  /**
   * Its rows have no id: rows with the same key are numbered. They share a second, so that a page ends where a second
   * does, and their order within it is ours.
   */
  numbersTwins?: true;
  paging: LogPaging;
  /** In the order they are tried: the next one where the tracker refuses the request as it is (400, 406, 422); the working one is remembered. */
  variants: Readonly<Record<string, LogVariant>>;
  items(body: Json): Json[] | null;
  total(body: Json): number | null;
  /** The time by which rows belong to a window; the log is sorted by it, ascending, unless it is `unordered`. */
  timeOf(item: JsonObject, context: MapContext): Date;
  map(item: JsonObject, context: MapContext): LogRecords[R];
  /** What a conversion tells of its click, where the clicks themselves come late or never; null for nothing. */
  clickOf?(item: JsonObject, context: MapContext): ClickRecord | null;
}

/** A tracker's own sum for one campaign on one day. */
export interface DayTotal {
  /** In UTC, `2026-11-01`. */
  day: string;
  campaignExternalId: string | null;
  clicks: number;
  conversions: number;
  revenue: string;
  cost: string;
}

export interface TotalsSource {
  evidence: Evidence;
  note?: string;
  /** Conversions count on the day of their postback; by default on that of their click. */
  bookedBy?: 'postback';
  /** The report knows whole UTC days alone: a day of which either side has only a part is not compared. */
  wholeDays?: true;
  /** Its rows name no day: each UTC day is asked for by itself, and told in the context. */
  perDay?: true;
  /** It wants the campaigns by name: the catalog's are looked up once a session, and so many of them asked for at a time. */
  campaignsAtOnce?: number;
  /** What it is asked for begins and ends on such a grain. */
  grainMs?: number;
  /** Default: the whole report in one answer. */
  paging?: Paging;
  total?(body: Json): number | null;
  /** `campaignIds`: those that are asked for, where `campaignsAtOnce` is declared. */
  variants: Readonly<
    Record<string, { request(window: Range, page: PageAsk, campaignIds: readonly string[]): TrackerRequest }>
  >;
  items(body: Json): Json[] | null;
  map(item: JsonObject, context: MapContext): DayTotal;
  /** Raw statuses, in lower case, that the report does not count as conversions. */
  uncounted: readonly string[];
  /** Raw statuses, in lower case, whose amounts are not in its revenue. */
  withoutRevenue: readonly string[];
}

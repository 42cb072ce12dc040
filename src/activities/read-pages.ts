// Reads a run's windows page by page, ahead of the writer: fetched, mapped, formatted, and told where the checkpoint goes.
import { randomUUID } from 'node:crypto';
import type { Cursor } from '../adapters/paging.ts';
import { type LogPage, pullLogPage } from '../adapters/pull.ts';
import type { ClickRecord, ConversionRecord, JsonObject, LogResource, UnreadableRow } from '../core/resources.ts';
import { CURSOR_LIFE_MS, cutAfter, SPLIT_ROWS, splitEvenly } from '../core/windows.ts';
import { type FormattedPage, formatPage } from '../store/page-format.ts';
import type { PlannedWindow, SyncWindow } from '../store/windows.ts';
import type { Slice } from './slice.ts';

export interface PreparedPage {
  window: SyncWindow;
  formatted: FormattedPage;
  unreadable: UnreadableRow[];
  received: number;
  variant: string;
  /** Where the checkpoint goes when this page is written; null: the window is read. */
  cursor: JsonObject | null;
  coveredTo: Date;
  /** Where the window ends; earlier than planned where it was cut. */
  to: Date;
  /** What a cut leaves to be read, newest first. */
  rest: (PlannedWindow & { id: string })[];
  isFresh: boolean;
}

/** The cursor of a page, and what the window was like when it was begun. */
interface WindowCursor {
  place: Cursor;
  firstTotal: number | null;
  restarts: number;
}

const MOST_RESTARTS = 2;

export async function* readPages(
  slice: Slice,
  windows: SyncWindow[],
  variants: Map<LogResource, string | null>,
): AsyncGenerator<PreparedPage> {
  const queue = [...windows];
  for (let window = queue.shift(); window !== undefined; window = queue.shift()) {
    let at = resume(window, slice.deps.clock());
    for (;;) {
      if (slice.isOver()) return;
      slice.about.resource = window.resource;
      const variant = variants.get(window.resource) ?? null;
      const page = await pullLogPage(slice.session, window.resource, window.range, at.cursor?.place ?? null, variant);
      variants.set(window.resource, page.variant);
      const prepared = prepare(slice, window, at, page);
      yield prepared;
      queue.unshift(...prepared.rest.map((rest) => planned(window!, rest)));
      if (prepared.cursor === null) break;
      at = { cursor: prepared.cursor as unknown as WindowCursor, isFresh: prepared.isFresh };
      window = { ...window, seq: window.seq + 1, cursor: prepared.cursor };
    }
  }
}

interface Place {
  cursor: WindowCursor | null;
  isFresh: boolean;
}

/** Rows shift under an offset: one that is too old is forgotten, and the window read from its start. */
function resume(window: SyncWindow, now: Date): Place {
  const isOld = window.cursorAt !== null && now.getTime() - window.cursorAt.getTime() > CURSOR_LIFE_MS;
  if (window.cursor === null || isOld) return { cursor: null, isFresh: window.isFresh && !isOld };
  return { cursor: window.cursor as unknown as WindowCursor, isFresh: window.isFresh };
}

function planned(window: SyncWindow, rest: PlannedWindow & { id: string }): SyncWindow {
  return { ...rest, runId: window.runId, cursor: null, cursorAt: null, seq: 0 };
}

function prepare(slice: Slice, window: SyncWindow, at: Place, page: LogPage<LogResource>): PreparedPage {
  const { config, adapter } = slice;
  const owner = { configId: config.id, organizationId: config.organization_id };
  const cut = cutOf(window, page, adapter.logs[window.resource]!.grainMs);
  // Rows of the second that the rest begins with come with the rest.
  const records = cut === null ? page.records : page.records.filter((record) => timeOf(record) < cut.to);
  const formatted = formatPage(window.resource, records, owner);
  const kept = { window, formatted, unreadable: [...page.unreadable, ...formatted.unreadable], variant: page.variant };
  const received = page.received - (page.records.length - records.length);
  if (cut !== null) {
    return { ...kept, received, cursor: null, coveredTo: cut.to, to: cut.to, rest: cut.rest, isFresh: at.isFresh };
  }
  const cursor = nextPlace(at.cursor, page);
  const hasRestarted = cursor !== null && page.next === null;
  return {
    ...{ ...kept, received, cursor: cursor as unknown as JsonObject | null, rest: [] },
    coveredTo: page.lastAt ?? window.range.from,
    to: window.range.to,
    isFresh: at.isFresh && !hasRestarted,
  };
}

const timeOf = (record: ClickRecord | ConversionRecord): Date =>
  'clickedAt' in record && !('convertedAt' in record) ? record.clickedAt : (record as ConversionRecord).convertedAt;

/** The next page; or the window once more, where its total moved while it was read: a row may have slipped past. */
function nextPlace(at: WindowCursor | null, page: LogPage<LogResource>): WindowCursor | null {
  const firstTotal = at === null || at.place.pages === 0 ? page.total : at.firstTotal;
  const restarts = at?.restarts ?? 0;
  if (page.next !== null) return { place: page.next, firstTotal, restarts };
  const hasMoved = page.total !== null && firstTotal !== null && page.total !== firstTotal;
  if (!hasMoved || restarts >= MOST_RESTARTS) return null;
  const start: Cursor = { offset: 0, page: 0, token: null, mark: null, pages: 0 };
  return { place: start, firstTotal: null, restarts: restarts + 1 };
}

/** A window with far more rows than one should have ends at this page's last time; what is left is planned anew. */
function cutOf(
  window: SyncWindow,
  page: LogPage<LogResource>,
  grainMs: number,
): { to: Date; rest: PreparedPage['rest'] } | null {
  if (page.next === null || page.lastAt === null) return null;
  const rows = page.total ?? page.next.offset;
  if (rows <= SPLIT_ROWS) return null;
  const cut = cutAfter(window.range, page.lastAt, grainMs);
  if (cut === null) return null;
  const left = page.total === null ? 0 : page.total - page.next.offset;
  const rest = splitEvenly(cut.rest, Math.ceil(left / SPLIT_ROWS), grainMs);
  return {
    to: cut.read.to,
    rest: rest.map((range) => ({ id: randomUUID(), resource: window.resource, range, isFresh: window.isFresh })),
  };
}

// Reads a window or a whole catalog through the engine, as the sync does, and keeps every page.
import type { Cursor } from '../../src/adapters/paging.ts';
import { type CatalogPage, pullCatalog } from '../../src/adapters/pull-catalog.ts';
import { type LogPage, pullLogPage } from '../../src/adapters/pull-log.ts';
import type { Session } from '../../src/adapters/session.ts';
import type {
  CatalogResource,
  ClickRecord,
  ConversionRecord,
  LogRecords,
  LogResource,
  UnreadableRow,
} from '../../src/core/resources.ts';
import type { Range } from '../../src/core/windows.ts';

const MOST_PAGES = 1_000;

export interface WindowRead<R extends LogResource> {
  records: LogRecords[R][];
  unreadable: UnreadableRow[];
  pages: LogPage<R>[];
}

/** Every page of a window, from a checkpoint on where one is given, with the way of asking remembered from page to page. */
export async function readWindow<R extends LogResource>(
  session: Session,
  resource: R,
  window: Range,
  from: Cursor | null = null,
): Promise<WindowRead<R>> {
  const pages: LogPage<R>[] = [];
  let variant: string | null = null;
  for (let cursor = from; pages.length < MOST_PAGES; ) {
    const page: LogPage<R> = await pullLogPage(session, resource, window, cursor, variant);
    pages.push(page);
    variant = page.variant;
    if (page.next === null) {
      return {
        records: pages.flatMap(({ records }) => records),
        unreadable: pages.flatMap(({ unreadable }) => unreadable),
        pages,
      };
    }
    cursor = page.next;
  }
  throw new Error(`${resource}: more than ${MOST_PAGES} pages`);
}

export type CatalogRead = Map<CatalogResource, CatalogPage<CatalogResource>>;

/** The whole catalog; entries with a parent are asked for each campaign. */
export async function readCatalog(session: Session): Promise<CatalogRead> {
  const catalog: CatalogRead = new Map();
  for (const resource of Object.keys(session.adapter.catalog) as CatalogResource[]) {
    const parents = catalog.get('campaigns')?.records.map(({ externalId }) => externalId) ?? [];
    const whole: CatalogPage<CatalogResource> = { records: [], unreadable: [] };
    for await (const page of pullCatalog(session, resource, parents)) {
      whole.records.push(...page.records);
      whole.unreadable.push(...page.unreadable);
    }
    catalog.set(resource, whole);
  }
  return catalog;
}

/** The time by which a record's log is sorted. */
export const timeOf = (record: ClickRecord | ConversionRecord): Date =>
  'convertedAt' in record ? record.convertedAt : record.clickedAt;

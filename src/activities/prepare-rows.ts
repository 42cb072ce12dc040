// Makes the rows of an answer ready to be written, a piece at a time: between two pieces the sockets are served.
import { setImmediate as turn } from 'node:timers/promises';
import { mapLogItems } from '../adapters/pull-log.ts';
import type { ClickRecord, ConversionRecord, Json, LogResource, UnreadableRow } from '../core/resources.ts';
import { DAY_MS } from '../core/windows.ts';
import { beginPage, type FormattedPage } from '../store/page-format.ts';
import type { Slice } from './slice.ts';

export interface PreparedRows {
  formatted: FormattedPage;
  /** What conversions tell of their clicks. */
  clicks: FormattedPage;
  /** The conversions' own words. */
  statuses: ReadonlySet<string>;
  unreadable: UnreadableRow[];
  received: number;
}

/** All at once would keep the next call waiting, and PostgreSQL waiting for the page before. */
const PIECE_ROWS = 100;

/** @param before rows from then on are left out and not counted */
export async function prepareRows(
  { deps, config, session }: Slice,
  resource: LogResource,
  items: readonly Json[],
  before: Date | null,
): Promise<PreparedRows> {
  const owner = { configId: config.id, organizationId: config.organization_id };
  const page = beginPage(resource, owner);
  const clicks = beginPage('clicks', owner);
  const { clickDays } = deps.retention;
  // What housekeeping would drop is not brought back by a conversion that is read again.
  const keptFrom = clickDays === null ? null : new Date(deps.clock().getTime() - clickDays * DAY_MS);
  const statuses = new Set<string>();
  const twins = new Map<string, number>();
  const unreadable: UnreadableRow[] = [];
  let received = items.length;
  for (let at = 0; at < items.length; at += PIECE_ROWS) {
    await turn();
    const piece = mapLogItems(session, resource, items.slice(at, at + PIECE_ROWS), twins);
    const records = before === null ? piece.records : piece.records.filter((record) => timeOf(record) < before);
    received -= piece.records.length - records.length;
    unreadable.push(...piece.unreadable);
    page.add(records);
    clicks.add(piece.clicks.filter(({ clickedAt }) => keptFrom === null || clickedAt >= keptFrom));
    for (const record of records) if ('rawStatus' in record) statuses.add(record.rawStatus);
  }
  const formatted = page.end();
  const rest = { clicks: clicks.end(), statuses, received };
  return { formatted, unreadable: [...unreadable, ...formatted.unreadable], ...rest };
}

const timeOf = (record: ClickRecord | ConversionRecord): Date =>
  'convertedAt' in record ? record.convertedAt : record.clickedAt;

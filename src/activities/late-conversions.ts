// Conversions that the tracker counts already and that we have not read yet: asked for, booked as it does, not stored.
import { pullLogPage } from '../adapters/pull-log.ts';
import { add } from '../core/decimal.ts';
import { dayOf, type Figures, keyOf, NO_FIGURES } from '../core/reconciliation.ts';
import type { ConversionRecord } from '../core/resources.ts';
import type { Range } from '../core/windows.ts';
import { type Counting, placesOfClicks } from '../store/reconciliation-ours.ts';
import type { Slice } from './slice.ts';

/** More than this is no lateness any more. */
const MOST_PAGES = 20;

/**
 * By `keyOf`; null where there are too many to look at.
 * @param clicked whose clicks were made then, or whose postbacks came, as the tracker books them
 * @param window when they came in
 */
export async function lateConversions(
  slice: Slice,
  clicked: Range,
  window: Range,
  variant: string | null,
  counting: Counting,
): Promise<Map<string, Figures> | null> {
  const records: ConversionRecord[] = [];
  slice.about.resource = 'conversions';
  let page = await pullLogPage(slice.session, 'conversions', window, null, variant);
  records.push(...page.records);
  for (let pages = 1; page.next !== null; pages++) {
    if (pages === MOST_PAGES) return null;
    page = await pullLogPage(slice.session, 'conversions', window, page.next, page.variant);
    records.push(...page.records);
  }
  slice.about.resource = 'totals';
  return booked(slice, records, clicked, counting);
}

async function booked(
  { deps, config }: Slice,
  records: readonly ConversionRecord[],
  { from, to }: Range,
  { uncounted, withoutRevenue, bookedBy }: Counting,
): Promise<Map<string, Figures>> {
  const unplaced = records.filter((record) => record.clickedAt === null || record.campaignExternalId === null);
  const clickIds = unplaced.flatMap(({ clickExternalId }) => clickExternalId ?? []);
  const places = await placesOfClicks(deps.db, config, clickIds);
  const late = new Map<string, Figures>();
  // A page that came twice must not count twice.
  const once = new Map(records.map((record) => [record.externalId, record])).values();
  for (const { clickExternalId, clickedAt, convertedAt, campaignExternalId, rawStatus, revenue } of once) {
    const place = places.get(clickExternalId ?? '');
    const at = bookedBy === 'postback' ? convertedAt : (clickedAt ?? place?.clickedAt);
    if (at === undefined || at < from || at >= to) continue;
    const key = keyOf({ day: dayOf(at), campaign: campaignExternalId ?? place?.campaign ?? '' });
    const word = rawStatus.toLowerCase();
    const before = late.get(key) ?? NO_FIGURES;
    late.set(key, {
      ...before,
      conversions: add(before.conversions, uncounted.includes(word) ? '0' : '1'),
      revenue: add(before.revenue, withoutRevenue.includes(word) ? '0' : (revenue ?? '0')),
    });
  }
  return late;
}

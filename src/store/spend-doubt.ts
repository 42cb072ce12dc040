// Which shares of spend no longer hold: those of days that are marked, or whose clicks have changed.
import { sql } from 'kysely';
import { HOUR_MS, type Range } from '../core/windows.ts';
import type { Tx } from './db.ts';
import type { AdRoles } from './reports-ads.ts';
import type { Span } from './reports-pieces.ts';
import { mergedRanges, SINCE, type SpentDays, spentIn, UNTIL } from './spend-shares.ts';

/** Of no day that a span has a part in a click or a share is in doubt. */
export async function areTotalsTrue(tx: Tx, { ranges }: SpentDays, roles: AdRoles): Promise<boolean> {
  const whole = { from: ranges[0]!.from, to: ranges.at(-1)!.to };
  return (await staleSpans(tx, whole, roles.configIds)).length === 0;
}

/** Whole hours whose shares no longer hold: of marked days, and of days with a click's mark. */
export async function staleSpans(tx: Tx, { from, to }: Range, configIds: readonly string[]): Promise<Span[]> {
  const isMarked = sql`m.source = 'click' and m.tracker_config_id = any(${[...configIds]}::uuid[])`;
  // Days are looked at only where there is such a mark at all.
  const { rows } = await sql<Range>`
    select since as from, until as to from spend_mark where until > ${from} and since < ${to}
    union
    select d.since, d.until from (
      select distinct ${SINCE} as since, ${UNTIL} as until from ad_spend s where ${spentIn([{ from, to }])}
        and exists (select from rollup_mark m where ${isMarked})
    ) d where exists (
      select from rollup_mark m where ${isMarked} and m.hour < d.until and m.hour > d.since - interval '1 hour')`.execute(
    tx,
  );
  return mergedRanges(rows.map(wholeHours)).flatMap((stale) => {
    const span = {
      from: new Date(Math.max(stale.from.getTime(), from.getTime())),
      to: new Date(Math.min(stale.to.getTime(), to.getTime())),
    };
    return span.from < span.to ? [{ ...span, configId: null }] : [];
  });
}

export const wholeHours = ({ from, to }: Range): Range => ({
  from: new Date(Math.floor(from.getTime() / HOUR_MS) * HOUR_MS),
  to: new Date(Math.ceil(to.getTime() / HOUR_MS) * HOUR_MS),
});

// Where the clicks of trackers without a click log are missing: daily totals know few dimensions.
import { sql } from 'kysely';
import type { ReportAsk } from './reports-ask.ts';
import type { ReportColumn } from './reports-columns.ts';
import { isAd, isEntity, isOfConversions, type ReportDimension } from './reports-dimensions.ts';
import { areKnownToTotals } from './reports-totals.ts';

/** The trackers whose clicks only their daily totals count. */
export interface Summed {
  ids: string[];
  /** Their clicks may belong to an ad: a person said which sub-id carries it. */
  haveAds: boolean;
  /** By the first ad dimension of the report: what spend was uploaded for, and no other cost is looked for. */
  spentAds: readonly string[];
}

/** Of a config under its own name: its click log was never to be had. */
export const hasNoClicks = sql<boolean>`exists (
  select from tracker_resource r where r.tracker_config_id = tracker_config.id and r.resource = 'clicks'
    and r.state = 'unavailable' and r.rows = 0)`;

/** What counts clicks or is made of their number, and what of their cost: missing with them. */
export const FROM_COUNTS = [
  ...(['clicks', 'uniqueClicks', 'botClicks', 'landingClicks', 'cr', 'epc'] as const),
] satisfies ReportColumn[];
export const FROM_COST = ['cost', 'profit', 'roi'] as const satisfies ReportColumn[];

export const filteredBy = ({ filters }: ReportAsk) => filters.map(({ dimension }) => dimension);

/**
 * What of an ask no daily total knows. A status is no matter of theirs, since no click has one, nor is an ad where none of
 * their clicks leads to any.
 */
export const unknownToTotals = (ask: ReportAsk, haveAds: boolean): ReportDimension[] =>
  [...new Set([...ask.groupBy, ...filteredBy(ask)])].filter(
    (name) => !isOfConversions(name) && (haveAds || !isAd(name)) && !areKnownToTotals([name]),
  );

export const areLinesKnown = (ask: ReportAsk): boolean => areKnownToTotals([...filteredBy(ask), ...ask.groupBy]);

/** Where the report's first ad dimension stands, if the cost of a line can be what was uploaded for its ad. */
export const adOf = ({ groupBy, ...rest }: ReportAsk): number =>
  areKnownToTotals([...groupBy, ...filteredBy({ groupBy, ...rest })].filter((name) => !isAd(name)))
    ? groupBy.findIndex(isAd)
    : -1;

/**
 * The columns whose values make a line that of other trackers alone; null for one that always does. An entity belongs
 * to one tracker; an ad to those whose clicks can lead to one.
 */
export const othersOf = ({ groupBy }: ReportAsk, { haveAds }: Summed): (string | null)[] =>
  groupBy.flatMap((name, i) => {
    if (name === 'config') return [null];
    return isEntity(name) || (isAd(name) && !haveAds) ? [`d${i}`] : [];
  });

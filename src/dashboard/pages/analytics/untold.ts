// Why figures of a report are dashes: a click has no status, or a tracker's daily totals do not know what it is divided by.
import { isOfConversions, titleOf } from '../../app/dimensions.ts';
import { listed } from '../../app/format.ts';
import type { Figures, Metric } from './columns.ts';

const FROM_CLICKS: readonly Metric[] = [
  ...(['clicks', 'uniqueClicks', 'botClicks', 'landingClicks', 'cost', 'profit', 'roi', 'cr', 'epc'] as const),
];
const DETAILS = { uniqueClicks: 'unique clicks', botClicks: 'bots', landingClicks: 'LP clicks' } as const;

export interface Untold {
  /** `Clicks and cost by country are not told`. */
  what: string;
  /** Whose fault it is; null where it is nobody's. */
  configIds: readonly string[] | null;
}

/** Of a report's answer. */
interface Told {
  rows: readonly Figures[];
  totals: readonly Figures[];
  totalsOnly: readonly string[];
  unknownToTotals: readonly string[];
}

/** @param divided what the report is grouped and filtered by */
export function untoldOf(report: Told, divided: readonly string[], columns: readonly Metric[]): Untold | null {
  const { rows, totals, totalsOnly, unknownToTotals } = report;
  const shown = columns.filter((metric) => FROM_CLICKS.includes(metric));
  const lines = [...totals, ...rows];
  if (shown.length === 0) return null;
  if (lines.some(({ clicks }) => clicks === null)) {
    if (divided.some(isOfConversions))
      return { what: 'No click has a status: clicks and cost cannot be told by it', configIds: null };
    if (totalsOnly.length === 0) return null;
    const by = unknownToTotals.map((name) => titleOf(name).toLowerCase());
    // Every ad is told: none of their clicks leads to one.
    const what = by.length === 0 ? 'that lead to no ad' : `by ${listed(by)}`;
    return { what: `Clicks and cost ${what} are not told`, configIds: totalsOnly };
  }
  const dashed = Object.entries(DETAILS).flatMap(([name, words]) =>
    shown.includes(name as Metric) && lines.some((line) => line[name as Metric] === null) ? [words] : [],
  );
  if (dashed.length === 0 || totalsOnly.length === 0) return null;
  const words = listed(dashed);
  return { what: `${words.slice(0, 1).toUpperCase()}${words.slice(1)} are not told everywhere`, configIds: totalsOnly };
}

// How far back the figures go: said where a range, or the period before it, reaches beyond.
import { dayOf } from '../../app/format.ts';
import { dayIn, type Range } from '../../app/range.ts';
import type { Report } from '../../app/reports.ts';
import { QuietLine } from '../../parts/QuietLine.tsx';

const dayAt = (at: string, zone: string): string => dayOf(dayIn(zone, Date.parse(at)));

interface PartlyProps {
  report: Pick<Report, 'since' | 'wholeSince'>;
  range: Range;
  previous: Pick<Range, 'from'>;
}

/** A change against days that are not known would be a lie. */
export function PartlyKnown({ report: { since, wholeSince }, range, previous }: PartlyProps) {
  if (since === null || wholeSince === null || wholeSince <= previous.from) return null;
  const days = range.days === 1 ? 'The day before is' : `The ${range.days} days before are`;
  return (
    <QuietLine>
      {since > previous.from
        ? `${days} not known in full, so no change is told: the history begins on ${dayAt(since, range.zone)}.`
        : `${days} not known of every tracker: all of them are in since ${dayAt(wholeSince, range.zone)}.`}
    </QuietLine>
  );
}

/** In place of lines, where every point is a gap. */
export function NothingDrawn({ range, sinceMs }: { range: Range; sinceMs: number | null }) {
  if (sinceMs !== null && sinceMs >= Date.parse(range.to))
    return `Nothing is known of these days: the history begins on ${dayAt(new Date(sinceMs).toISOString(), range.zone)}.`;
  return 'Nothing to draw in this range.';
}

// How money came into one currency, and what did not.
import { daySpan } from '../../app/format.ts';
import type { Report } from '../../app/reports.ts';
import { ApiDocs } from '../../parts/ApiDocs.tsx';
import { Notice } from '../../parts/Notice.tsx';

export function Rates({ rates: { currency, missing, oldestDays } }: { rates: NonNullable<Report['rates']> }) {
  if (missing.length > 0) {
    const words = missing.map(({ currency: own, from, to }) => `${own} of ${daySpan(from, to)}`).join(', ');
    return (
      <Notice tone="warn" title={`There is no rate into ${currency} for ${words}.`}>
        That money stays in its own currency, with totals of its own. Rates are uploaded through the <ApiDocs />.
      </Notice>
    );
  }
  if (oldestDays === null || oldestDays === 0) return null;
  return <Notice tone="info" title={`The oldest rate that was taken is ${oldestDays} days older than its money.`} />;
}

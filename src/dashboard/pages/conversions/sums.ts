// The report that counts what the list lists, and what it says of each status.
import type { ReportLine } from '../../../api/reports-answer.ts';
import { add } from '../../../core/decimal.ts';
import { CONVERSION_STATUSES, type ConversionStatus } from '../../../core/statuses.ts';

/** What the list is asked for. */
interface Listed {
  from?: string;
  to?: string;
  configId?: string;
  status?: ConversionStatus;
  rawStatus?: string;
  campaignId?: string;
}

/** By the conversions' own time, as the list is. */
export const reportOf = ({ from, to, configId, status, rawStatus, campaignId }: Listed, zone: string) => ({
  ...{ groupBy: 'status', by: 'conversion' as const, tz: zone },
  ...(from !== undefined && { from }),
  ...(to !== undefined && { to }),
  ...(configId !== undefined && { configId }),
  ...(status !== undefined && { 'filter.status': status }),
  ...(rawStatus !== undefined && { 'filter.rawStatus': rawStatus }),
  ...(campaignId !== undefined && { 'filter.campaign': campaignId }),
});

export interface StatusSum {
  status: ConversionStatus;
  howMany: number;
  /** Where it counts as revenue. */
  sums: { currency: string; revenue: string }[];
}

type Row = Pick<ReportLine, 'keys' | 'currency' | 'revenue' | ConversionStatus>;

export function sumsOf(rows: readonly Row[]): { all: number; statuses: StatusSum[] } {
  const statuses = CONVERSION_STATUSES.flatMap((status): StatusSum[] => {
    const own = rows.filter((row) => row[status] > 0);
    const howMany = own.reduce((sum, row) => sum + row[status], 0);
    const byCurrency = Map.groupBy(own, ({ currency }) => currency);
    const sums = [...byCurrency]
      .map(([currency, ones]) => ({ currency, revenue: ones.reduce((sum, { revenue }) => add(sum, revenue), '0') }))
      .filter(({ revenue }) => revenue !== '0')
      .toSorted((a, b) => (a.currency < b.currency ? -1 : 1));
    return howMany === 0 ? [] : [{ status, howMany, sums }];
  });
  return { all: statuses.reduce((sum, { howMany }) => sum + howMany, 0), statuses };
}

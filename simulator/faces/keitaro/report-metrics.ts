// The metrics a report knows, each written from the sums of one group.
import { type ClickResult, noResult } from '../../ledger/click-result.ts';
import type { Quirks } from './quirks.ts';

export interface ReportSums extends ClickResult {
  clicks: number;
  uniqueClicks: number;
  bots: number;
  landingClicks: number;
  costMicros: number;
}

export const noSums: Readonly<ReportSums> = {
  ...noResult,
  clicks: 0,
  uniqueClicks: 0,
  bots: 0,
  landingClicks: 0,
  costMicros: 0,
};

export const reportMetrics: Record<string, (sums: ReportSums, quirks: Quirks) => string> = {
  clicks: (sums) => String(sums.clicks),
  campaign_unique_clicks: (sums) => String(sums.uniqueClicks),
  bots: (sums) => String(sums.bots),
  lp_clicks: (sums) => String(sums.landingClicks),
  conversions: (sums) => String(sums.conversions),
  leads: (sums) => String(sums.leads),
  sales: (sums) => String(sums.sales),
  rejected: (sums) => String(sums.rejected),
  rebills: (sums) => String(sums.rebills),
  cost: (sums, quirks) => quirks.money(sums.costMicros),
  revenue: (sums, quirks) => quirks.money(sums.revenueMicros),
  profit: (sums, quirks) => quirks.money(sums.revenueMicros - sums.costMicros),
  lead_revenue: (sums, quirks) => quirks.money(sums.leadMicros),
  sale_revenue: (sums, quirks) => quirks.money(sums.saleMicros),
  rejected_revenue: (sums, quirks) => quirks.money(sums.rejectedMicros),
};

// What its conversions make of a click at one moment: counts by kind, and money.
import type { ConversionState } from './conversions.ts';

export interface ClickResult {
  /** Of all conversions but the rejected ones and trash. */
  revenueMicros: number;
  leadMicros: number;
  saleMicros: number;
  rejectedMicros: number;
  leads: number;
  sales: number;
  rejected: number;
  rebills: number;
  conversions: number;
}

export const noResult: Readonly<ClickResult> = {
  revenueMicros: 0,
  leadMicros: 0,
  saleMicros: 0,
  rejectedMicros: 0,
  leads: 0,
  sales: 0,
  rejected: 0,
  rebills: 0,
  conversions: 0,
};

/** Adds one conversion. A status nobody knows counts as a conversion with revenue and as nothing else. */
export function addConversion(result: ClickResult, { status, revenueMicros }: ConversionState): void {
  result.conversions++;
  if (status === 'rejected' || status === 'trash') {
    result.rejected++;
    result.rejectedMicros += revenueMicros;
    return;
  }
  result.revenueMicros += revenueMicros;
  if (status === 'lead') {
    result.leads++;
    result.leadMicros += revenueMicros;
  } else if (status === 'rebill') {
    result.rebills++;
    result.saleMicros += revenueMicros;
  } else if (status === 'sale' || status === 'deposit') {
    result.sales++;
    result.saleMicros += revenueMicros;
  }
}

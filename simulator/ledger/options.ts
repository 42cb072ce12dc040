// What a ledger can be asked to be: every option has a default, and the same options give the same rows.
import { z } from 'zod';

const instant = z.iso.datetime({ offset: true });
const count = z.int().min(0);

const burst = z
  .strictObject({
    at: instant.optional().describe('when, to the second'),
    daysAgo: z.number().min(0).optional().describe('or how long before the anchor, in days, fractions allowed'),
    clicks: z.int().min(1).describe('clicks added within that one second'),
  })
  .refine((value) => (value.at === undefined) !== (value.daysAgo === undefined), 'give either at or daysAgo');

export const ledgerOptions = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/)
    .default('main'),
  seed: z.int().default(1),
  anchorAt: instant.optional().describe('end of the history, floored to the minute; default: start of the process'),
  days: z.int().min(1).max(1100).default(30).describe('length of the history before the anchor'),
  clicks: count.max(500_000_000).default(200_000).describe('clicks of those days, before bursts and the heavy day'),
  conversions: count.max(2_000_000).default(8_000).describe('conversions made by the clicks of those days'),
  growthPerDay: count.optional().describe('clicks per day after the anchor; default: clicks / days'),
  campaigns: z.int().min(1).max(2_000).default(12),
  currency: z.string().length(3).default('USD'),
  bursts: z.array(burst).default([]),
  heavyDay: z
    .strictObject({ daysAgo: z.int().min(0), clicks: count })
    .nullable()
    .default(null)
    .describe('clicks added to the UTC day that many days before the anchor'),
  statusChangeAfterHoursMin: z
    .number()
    .positive()
    .default(1)
    .describe('earliest change of a conversion after its postback'),
  statusChangeAfterHoursMax: z.number().positive().default(480).describe('latest change of a conversion'),
  frozenAt: instant.optional().describe("stops the ledger's clock at this instant from the start"),
});

/** Options with every default filled in. */
export type LedgerOptions = z.output<typeof ledgerOptions>;

// How a fake Binom tracker behaves: what is open about its answers, and what goes wrong with them.
import { z } from 'zod';

const resources = [
  ...(['campaigns', 'offers', 'landing_pages', 'flows', 'traffic_sources', 'affiliate_networks'] as const),
  ...(['clicks', 'conversions', 'totals'] as const),
];

export const binomOptions = z.strictObject({
  timezone: z.string().default('Europe/Moscow').describe("the tracker's own, for who names none"),
  names: z.enum(['plain', 'withIds']).default('plain').describe('in conversions: `Summer`, or `Summer (id:9)`'),
  ids: z.enum(['int', 'text']).default('int'),
  money: z.enum(['number', 'text']).default('text'),
  endsInclusive: z.boolean().default(true).describe('rows of the second in which the asked time ends are given, too'),
  maxRows: z.int().min(1).default(1_000).describe('longest page of a log, whatever is asked for'),
  limitRefusedAbove: z.int().min(1).nullable().default(null).describe('400 for a log that is asked for more rows'),
  ignoresPaging: z.boolean().default(false).describe('lists come whole each time'),
  sees: z
    .int()
    .min(1)
    .nullable()
    .default(null)
    .describe("so many campaigns are the user's, who sees nothing of others"),
  sameNames: z.boolean().default(false).describe('the second campaign has the name of the first'),
  planted: z.string().min(8).nullable().default(null).describe('a secret in keys and postback addresses'),
  deny: z
    .partialRecord(z.enum(resources), z.int().min(200).max(599))
    .default({})
    .describe('status per resource that is refused; 200: in the body'),
});

export type BinomOptionsInput = z.input<typeof binomOptions>;
export type BinomOptions = z.output<typeof binomOptions>;
export type BinomResource = (typeof resources)[number];

// How a fake Voluum account behaves: its logins, what is cut short in silence, and what is open about its answers.
import { z } from 'zod';

const resources = [
  ...(['campaigns', 'offers', 'landing_pages', 'flows', 'traffic_sources', 'affiliate_networks'] as const),
  ...(['clicks', 'conversions', 'totals'] as const),
];

export const voluumOptions = z.strictObject({
  emailLogin: z
    .enum(['session', 'access', 'access405'])
    .default('session')
    .describe('the path that takes e-mail and password; otherwise /auth/session answers 404, or 405'),
  tokenPrefix: z.string().default('').describe('every token begins with it'),
  tokenLifeMs: z
    .int()
    .min(1)
    .default(4 * 3_600_000),
  envelope: z.enum(['named', 'array', 'other']).default('named').describe('of the catalog’s lists'),
  knowsNamedColumns: z.boolean().default(true).describe('else conversions asked for by column are refused'),
  total: z.enum(['number', 'text', 'tooSmall', 'tooLarge']).default('number'),
  maxRows: z.int().min(1).default(100_000).describe('no page of a report is longer, whatever the limit'),
  liveVisits: z.int().min(1).default(1_000).describe('so many of a campaign’s latest visits are kept'),
  maxLiveLimit: z.int().min(1).default(100_000).describe('live visits asked for with a higher limit are refused'),
  timezone: z.string().default('America/New_York').describe("the account's: times and days where no tz is sent"),
  conversionTime: z.enum(['postback', 'visit']).default('postback').describe('by which the report counts conversions'),
  offerCurrency: z.string().length(3).nullable().default(null).describe('told beside amounts of the account’s own'),
  planted: z.string().min(8).nullable().default(null).describe('a secret that stands in the postback keys'),
  closedToAccessKeys: z.array(z.enum(resources)).default([]).describe('403 for tokens of an access key'),
  deny: z.partialRecord(z.enum(resources), z.int().min(400).max(599)).default({}).describe('status per resource'),
});

export type VoluumOptionsInput = z.input<typeof voluumOptions>;
export type VoluumOptions = z.output<typeof voluumOptions>;
export type VoluumResource = (typeof resources)[number];

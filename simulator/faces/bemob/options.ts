// How a fake BeMob account behaves: what is open about its answers, and what goes wrong with it.
import { z } from 'zod';

const resources = [
  ...(['campaigns', 'offers', 'landing_pages', 'flows', 'traffic_sources', 'affiliate_networks'] as const),
  ...(['clicks', 'conversions', 'totals'] as const),
];

/** The one that an account has unless it is told another. */
export const ACCESS_KEY = 'access-key-0123456789';

export const bemobOptions = z.strictObject({
  accessKey: z.string().min(8).default(ACCESS_KEY).describe("the ledger's key is the secret one"),
  badKeyStatus: z.union([z.literal(200), z.literal(401)]).default(200),
  isPrefixed: z.boolean().default(true).describe('keys of rows begin with reports-'),
  names: z.enum(['first', 'second']).default('first').describe('of the fields that may be called one or another'),
  columns: z.enum(['only', 'ignored', 'refused']).default('only').describe('what a log does with those that are named'),
  times: z.enum(['wall', 'iso', 'unix']).default('wall').describe('in rows; wall is that of the asked zone'),
  order: z.enum(['newest', 'oldest']).default('newest').describe('of the logs'),
  money: z.enum(['number', 'text']).default('number'),
  groupBy: z.enum(['campaign', 'campaignId']).default('campaign').describe('the grouping that the report knows'),
  endsInclusive: z.boolean().default(true).describe('rows of the second in which the asked time ends are given, too'),
  maxRows: z.int().min(1).default(10_000).describe('longest page of a log, whatever is asked for'),
  knowsOffset: z.boolean().default(true).describe('else every page of a log is the first one'),
  isLocked: z.boolean().default(false).describe('over its quota of events: every call is refused'),
  planted: z.string().min(8).nullable().default(null).describe('a secret in keys and postback addresses'),
  deny: z
    .partialRecord(z.enum(resources), z.int().min(200).max(599))
    .default({})
    .describe('status per resource that is refused; 200: in the envelope'),
});

export type BemobOptionsInput = z.input<typeof bemobOptions>;
export type BemobOptions = z.output<typeof bemobOptions>;
export type BemobResource = (typeof resources)[number];

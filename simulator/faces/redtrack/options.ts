// How a fake RedTrack account behaves: its zone, its limits, and what is open about its answers.
import { z } from 'zod';

const resources = [
  'campaigns',
  'offers',
  'landing_pages',
  'flows',
  'traffic_sources',
  'affiliate_networks',
  'clicks',
  'conversions',
  'totals',
] as const;

export const redtrackOptions = z.strictObject({
  timezone: z.string().default('America/Los_Angeles').describe("the account's: its days, and the offset of its times"),
  times: z.enum(['offset', 'plain']).default('offset').describe("track_time with the account's offset, or without any"),
  order: z.enum(['newest', 'scattered']).default('newest').describe('of the logs, which promise none'),
  statuses: z.enum(['lower', 'title']).default('lower').describe('the case of the status words'),
  money: z.enum(['number', 'text']).default('number'),
  total: z.enum(['number', 'text', 'missing', 'tooSmall', 'tooLarge']).default('number'),
  maxPer: z.int().min(1).max(10_000).default(10_000).describe('longest page of a log'),
  limit: z
    .strictObject({ calls: z.int().min(1).default(10), windowMs: z.int().min(1).default(60_000) })
    .nullable()
    .default({ calls: 10, windowMs: 60_000 })
    .describe('calls of each limited path within a window of real time; null lifts it'),
  planted: z.string().min(8).nullable().default(null).describe('a secret that stands in the postback keys'),
  deny: z
    .partialRecord(z.enum(resources), z.int().min(400).max(599))
    .default({})
    .describe('status per resource, for a key with too few rights'),
});

export type RedtrackOptionsInput = z.input<typeof redtrackOptions>;
export type RedtrackOptions = z.output<typeof redtrackOptions>;
export type RedtrackResource = (typeof resources)[number];

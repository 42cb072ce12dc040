// How a fake Keitaro panel behaves: its generation and the quirks seen on real installations.
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

export const keitaroOptions = z.strictObject({
  build: z.enum(['classic', 'v11']).default('classic').describe('column names of the logs'),
  v11Columns: z
    .enum(['wide', 'confirmed'])
    .default('wide')
    .describe('v11 only: all columns, or the few seen by a client'),
  omitsClickDatetime: z.boolean().default(false).describe('conversion log without click_datetime (some v11 builds)'),
  subIds: z.union([z.literal(15), z.literal(30)]).default(30),
  clickIds: z
    .enum(['uuid', 'int', 'large'])
    .default('uuid')
    .describe('ClickHouse builds, MySQL builds, or integers beyond 2^53'),
  ids: z.enum(['int', 'text']).default('int').describe('text also writes "" where there is none'),
  parameters: z.enum(['object', 'text', 'textInText']).default('object').describe("campaigns' parameters"),
  booleans: z.enum(['bool', 'int']).default('bool'),
  dates: z.enum(['text', 'object']).default('text').describe('created_at and updated_at of entities'),
  money: z.enum(['number', 'text']).default('number'),
  total: z.enum(['number', 'text', 'missing', 'tooSmall', 'tooLarge']).default('number'),
  campaignsHonourLimit: z.boolean().default(true).describe('newer builds page GET /campaigns'),
  reportWords: z.enum(['grouping', 'dimensions', 'both']).default('both').describe('which words /report/build takes'),
  maxLimit: z.int().min(1).default(100_000).describe('longest page of a log'),
  planted: z
    .string()
    .min(8)
    .nullable()
    .default(null)
    .describe('a secret that stands in every token and postback key of the catalog, and in more places for them'),
  deny: z
    .partialRecord(z.enum(resources), z.int().min(400).max(599))
    .default({})
    .describe('status per resource for a key with too few rights (403) or a lower edition (402)'),
});

export type KeitaroOptionsInput = z.input<typeof keitaroOptions>;
export type KeitaroOptions = z.output<typeof keitaroOptions>;
export type KeitaroResource = (typeof resources)[number];

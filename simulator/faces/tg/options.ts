// How a fake TG Tracker behaves, in either shape: what nobody knows of the real ones, and what goes wrong with them.
import { z } from 'zod';

const resources = [
  ...(['campaigns', 'offers', 'landing_pages', 'flows', 'traffic_sources', 'affiliate_networks'] as const),
  ...(['clicks', 'conversions'] as const),
];

export const tgOptions = z.strictObject({
  lists: z.enum(['data', 'items', 'array']).default('data').describe('plain only: where the items of an answer are'),
  times: z.enum(['iso', 'unix', 'wall']).default('iso').describe('plain only: in rows; wall names no zone and is UTC'),
  ids: z.enum(['int', 'text']).default('int'),
  money: z.enum(['number', 'text']).default('number'),
  total: z.enum(['number', 'text', 'missing', 'tooSmall', 'tooLarge']).default('number'),
  maxPageSize: z.int().min(1).default(1_000).describe('asked for more, it gives so many; altercpa: never above 200'),
  endsInclusive: z.boolean().default(false).describe('rows of the second in which the range ends are given, too'),
  emptyPage: z.int().min(1).nullable().default(null).describe('this page of every list is empty, the rest behind it'),
  ignoresPaging: z.boolean().default(false).describe('gives the same first page each time'),
  badKeyStatus: z
    .union([z.literal(401), z.literal(403)])
    .default(401)
    .describe('plain only'),
  planted: z.string().min(8).nullable().default(null).describe('a secret in tokens and postback keys of the catalog'),
  deny: z
    .partialRecord(z.enum(resources), z.int().min(200).max(599))
    .default({})
    .describe('status per resource that is refused; 200: in the body'),
});

export type TgOptionsInput = z.input<typeof tgOptions>;
export type TgOptions = z.output<typeof tgOptions>;
export type TgResource = (typeof resources)[number];

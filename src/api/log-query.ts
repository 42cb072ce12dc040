// What lists of clicks and conversions can be asked for, and the parts that both have in answers.
import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { accepts } from 'hono/accepts';
import { CONVERSION_STATUSES } from '../core/statuses.ts';
import type { EntityRef, RouteRefs } from '../store/lists-entities.ts';
import type { LogFilter } from '../store/lists-filters.ts';
import type { CsvColumn } from './csv.ts';
import { asId } from './ids.ts';
import { pagingQuery } from './paging.ts';
import { badInput } from './problems.ts';
import { SUB_ID_FIELDS, type SubIdField, subIdKey } from './sub-ids.ts';
import { timeQuery } from './wire.ts';

const text = z.string().min(1).max(500).optional();

export const logQuery = z.strictObject({
  ...pagingQuery,
  from: timeQuery.optional(),
  to: timeQuery.optional(),
  configId: text,
  campaignId: text.openapi({ description: 'Our id.' }),
  offerId: text.openapi({ description: 'Our id.' }),
  status: z.enum(CONVERSION_STATUSES).optional(),
  rawStatus: z
    .string()
    .max(500)
    .optional()
    .openapi({ description: "The tracker's own word, in any case; it may be empty." }),
  country: text,
  q: text.openapi({ description: "Any id: ours, the tracker's, the click's, the transaction's." }),
  ...subIdFields(),
});

function subIdFields() {
  // The list has every name once, which the type of fromEntries does not say.
  return Object.fromEntries(SUB_ID_FIELDS.map((field) => [field, text])) as Record<SubIdField, typeof text>;
}

/** @throws Problem for a range that ends before it begins, and for ids that are none */
export function logFilterOf(query: z.output<typeof logQuery>): LogFilter {
  const { from, to, configId, campaignId, offerId, status, rawStatus, country, q } = query;
  if (from !== undefined && to !== undefined && from >= to) throw badInput('to', 'must be after from');
  const subIds = SUB_ID_FIELDS.flatMap((field) => {
    const value = query[field];
    return value === undefined ? [] : [[subIdKey(field), value]];
  });
  const ids = { configId: uuid(configId), campaignId: uuid(campaignId), offerId: uuid(offerId) };
  return { ...ids, from, to, status, rawStatus, country, q, subIds: Object.fromEntries(subIds) };
}

const uuid = (given: string | undefined): string | undefined => (given === undefined ? undefined : asId(given));

export const wantsCsv = (c: Context): boolean =>
  accepts(c, { header: 'Accept', supports: ['application/json', 'text/csv'], default: 'application/json' }) ===
  'text/csv';

export const entity = z
  .object({ id: z.string().nullable(), externalId: z.string(), name: z.string().nullable() })
  .openapi('EntityRef');

export const routeFields = {
  campaign: entity.nullable(),
  offer: entity.nullable(),
  landingPage: entity.nullable(),
  flow: entity.nullable(),
  trafficSource: entity.nullable(),
  affiliateNetwork: entity.nullable(),
};

export const subIdsSchema = z.record(z.string(), z.string()).openapi({ example: { '1': 'fb-123' } });

const ROUTE_FIELDS = Object.keys(routeFields) as (keyof RouteRefs)[];

/** Name and the tracker's id of each entry. */
export function routeColumns<T extends RouteRefs>(): CsvColumn<T>[] {
  return ROUTE_FIELDS.flatMap((field) => [
    { name: field, of: (row: T) => refOf(row, field)?.name ?? null },
    { name: `${field}ExternalId`, of: (row: T) => refOf(row, field)?.externalId ?? null },
  ]);
}

const refOf = (row: RouteRefs, field: keyof RouteRefs): EntityRef | null => row[field];

export function subIdColumns<T extends { subIds: Record<string, string> }>(): CsvColumn<T>[] {
  return SUB_ID_FIELDS.map((field) => ({ name: field, of: (row) => row.subIds[subIdKey(field)] ?? null }));
}

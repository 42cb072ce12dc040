// GET /audit-log: who did what, and every call to the trackers.
import { createRoute, z } from '@hono/zod-openapi';
import { type AuditEntry, listDeeds } from '../store/audit.ts';
import type { Tx } from '../store/db.ts';
import type { PageAsk } from '../store/lists-page.ts';
import { listRequests, type RequestRecord } from '../store/runs-read.ts';
import { withOrganization } from '../store/tenancy.ts';
import { type CsvColumn, csvAnswer } from './csv.ts';
import type { ApiDeps } from './deps.ts';
import { asId } from './ids.ts';
import { wantsCsv } from './log-query.ts';
import { listAnswer, listOf, pageAsk, pagingQuery } from './paging.ts';
import { badInput, problemResponses } from './problems.ts';
import { requestSchema, toRequest } from './request-log.ts';
import { createRouter } from './router.ts';
import { id, iso, json, time, timeQuery } from './wire.ts';

const content = z.record(z.string(), json).nullable();

const deedSchema = z
  .object({
    id,
    at: time,
    actorType: z.enum(['user', 'api_key', 'system']),
    actorId: z.string().nullable(),
    actorName: z.string().nullable(),
    action: z.string(),
    targetType: z.string().nullable(),
    targetId: z.string().nullable(),
    before: content,
    after: content,
    ip: z.string().nullable(),
  })
  .openapi('AuditEntry');

const text = z.string().min(1).max(200).optional();
const STATUS = /^(ok|failed|\d{3})$/;

const route = createRoute({
  method: 'get',
  path: '/',
  tags: ['audit'],
  summary: 'Who did what (source=user), or every call to the trackers (source=tracker), newest first',
  request: {
    query: z.strictObject({
      ...pagingQuery,
      source: z.enum(['user', 'tracker']).default('user'),
      from: timeQuery.optional(),
      to: timeQuery.optional(),
      configId: text.openapi({ description: 'What was done to this tracker, or the calls to it.' }),
      status: z
        .string()
        .regex(STATUS, 'must be ok, failed, or the three digits of a status')
        .optional()
        .openapi({ description: '`ok`, `failed`; of calls also the status itself, e.g. 429.' }),
      actor: text.openapi({ description: 'For source=user: an id, or a name as it is shown.' }),
      action: text.openapi({
        description: 'For source=user, e.g. `tracker.create`; `sign_in.*` takes all that begin so.',
      }),
      targetType: text.openapi({ description: 'For source=user.' }),
      targetId: text.openapi({ description: 'For source=user.' }),
    }),
  },
  responses: {
    200: {
      description: 'A page of entries; as text/csv all of them.',
      content: {
        'application/json': { schema: listOf(z.union([deedSchema, requestSchema])) },
        'text/csv': { schema: z.string() },
      },
    },
    ...problemResponses(400),
  },
});

const toDeed = (entry: AuditEntry): z.infer<typeof deedSchema> => ({ ...entry, at: iso(entry.at) });

const DEED_COLUMNS: readonly CsvColumn<AuditEntry>[] = [
  ...(['at', 'actorType', 'actorId', 'actorName', 'action', 'targetType', 'targetId', 'ip'] as const).map((name) => ({
    name,
    of: (entry: AuditEntry) => entry[name],
  })),
  ...(['before', 'after'] as const).map((name) => ({
    name,
    of: (entry: AuditEntry) => (entry[name] === null ? null : JSON.stringify(entry[name])),
  })),
];

const REQUEST_FIELDS = [
  'at',
  'configId',
  'runId',
  'resource',
  'method',
  'url',
  'status',
  'durationMs',
  'bytes',
] as const;
const REQUEST_COLUMNS: readonly CsvColumn<RequestRecord>[] = [...REQUEST_FIELDS, 'error' as const].map((name) => ({
  name,
  of: (call) => call[name],
}));

export function auditLog(deps: ApiDeps) {
  return createRouter().openapi(route, async (c) => {
    const { source, limit, cursor, configId, ...given } = c.req.valid('query');
    const ask = pageAsk({ limit, cursor });
    const filter = { ...given, configId: configId === undefined ? undefined : asId(configId) };
    const inside = <T>(work: (tx: Tx) => Promise<T>) => withOrganization(deps.db, c.var.organizationId, work);
    if (source === 'user') {
      if (/^\d/.test(filter.status ?? '')) throw badInput('status', 'must be ok or failed for source=user');
      const read = (page: PageAsk) => inside((tx) => listDeeds(tx, filter, page));
      if (wantsCsv(c)) return csvAnswer('audit-log.csv', DEED_COLUMNS, ask.after, read);
      return c.json(listAnswer(await read(ask), toDeed), 200);
    }
    for (const field of ['actor', 'action', 'targetType', 'targetId'] as const) {
      if (filter[field] !== undefined) throw badInput(field, 'is for source=user');
    }
    const read = (page: PageAsk) => inside((tx) => listRequests(tx, filter, page));
    if (wantsCsv(c)) return csvAnswer('tracker-requests.csv', REQUEST_COLUMNS, ask.after, read);
    return c.json(listAnswer(await read(ask), toRequest), 200);
  });
}

// A call to a tracker in answers; its URL was redacted before it was stored.
import { z } from '@hono/zod-openapi';
import type { RequestRecord } from '../store/runs-read.ts';
import { id, iso, time } from './wire.ts';

export const requestSchema = z
  .object({
    id,
    at: time,
    configId: id.nullable(),
    runId: id.nullable(),
    resource: z.string().nullable(),
    method: z.string(),
    url: z.string(),
    status: z.int().nullable(),
    durationMs: z.int(),
    bytes: z.int(),
    error: z.string().nullable(),
  })
  .openapi('TrackerRequest');

export const toRequest = (record: RequestRecord): z.infer<typeof requestSchema> => ({ ...record, at: iso(record.at) });

// A run in answers.
import { z } from '@hono/zod-openapi';
import { RUN_KINDS, RUN_STATES } from '../core/sync.ts';
import type { RunRecord } from '../store/runs-read.ts';
import { errorSchema } from './tracker-config.ts';
import { id, iso, maybeIso, maybeTime, time } from './wire.ts';

export const runSchema = z
  .object({
    id,
    kind: z.enum(RUN_KINDS),
    state: z.enum(RUN_STATES),
    resources: z.array(z.string()),
    from: maybeTime,
    to: maybeTime,
    queuedAt: time,
    startedAt: maybeTime,
    finishedAt: maybeTime,
    requests: z.int(),
    rowsRead: z.int(),
    rowsWritten: z.int(),
    rowsUnchanged: z.int(),
    rowsUnreadable: z.int(),
    firstUnreadableReason: z.string().nullable(),
    error: errorSchema.nullable(),
  })
  .openapi('Run');

export function toRun(record: RunRecord): z.infer<typeof runSchema> {
  return {
    ...record,
    from: maybeIso(record.from),
    to: maybeIso(record.to),
    queuedAt: iso(record.queuedAt),
    startedAt: maybeIso(record.startedAt),
    finishedAt: maybeIso(record.finishedAt),
  };
}

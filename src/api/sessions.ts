// Where a person is signed in: their own sessions, listed and ended.
import { createRoute, z } from '@hono/zod-openapi';
import { recordPersonalDeed } from '../store/audit.ts';
import { endOtherSessions, endSession, listSessions } from '../store/sessions.ts';
import type { Identity, Person, SignInDeps } from './deps.ts';
import { asId, idParams } from './ids.ts';
import { notFound, Problem, problemResponses } from './problems.ts';
import { createRouter, jsonAnswer } from './router.ts';
import { id, iso, time } from './wire.ts';

const tags = ['sign-in'];

const sessionSchema = z
  .object({
    id,
    createdAt: time,
    updatedAt: time,
    expiresAt: time,
    ip: z.string().nullable(),
    userAgent: z.string().nullable(),
    isCurrent: z.boolean(),
  })
  .openapi('Session');

const list = createRoute({
  method: 'get',
  path: '/sessions',
  tags,
  summary: 'Where one is signed in, latest first',
  responses: {
    200: jsonAnswer('All of them.', z.object({ items: z.array(sessionSchema), nextCursor: z.null() })),
    ...problemResponses(),
  },
});

const endOne = createRoute({
  method: 'delete',
  path: '/sessions/{id}',
  tags,
  summary: 'End one of one’s sessions',
  request: { params: idParams },
  responses: { 200: jsonAnswer('Ended.', z.object({ ended: z.int() })), ...problemResponses() },
});

const endOthers = createRoute({
  method: 'delete',
  path: '/sessions',
  tags,
  summary: 'End all of one’s sessions but this one',
  responses: { 200: jsonAnswer('How many there were.', z.object({ ended: z.int() })), ...problemResponses() },
});

/** What a person is called. */
export const personName = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .refine((text) => text.isWellFormed() && !/\p{Cc}/u.test(text), 'holds characters that no name may have');

/** @throws Problem for programs: what belongs to a person's own account needs the person */
export function personOf(identity: Identity): Person {
  if (identity.kind === 'key') throw new Problem('session_needed', 'An API key has no account of its own.');
  return identity.person;
}

export function sessions(deps: SignInDeps) {
  return createRouter()
    .openapi(list, async (c) => {
      const { userId, sessionId } = personOf(c.var.identity);
      const items = (await listSessions(deps.db, userId)).map((session) => ({
        ...session,
        createdAt: iso(session.createdAt),
        updatedAt: iso(session.updatedAt),
        expiresAt: iso(session.expiresAt),
        isCurrent: session.id === sessionId,
      }));
      return c.json({ items, nextCursor: null }, 200);
    })
    .openapi(endOne, async (c) => {
      const { userId } = personOf(c.var.identity);
      if (!(await endSession(deps.db, userId, asId(c.req.valid('param').id)))) throw notFound();
      await recordPersonalDeed(deps.db, { userId }, { action: 'session.end', ip: c.var.actor.ip });
      return c.json({ ended: 1 }, 200);
    })
    .openapi(endOthers, async (c) => {
      const { userId, sessionId } = personOf(c.var.identity);
      const ended = await endOtherSessions(deps.db, userId, sessionId);
      if (ended > 0) await recordPersonalDeed(deps.db, { userId }, { action: 'session.end', ip: c.var.actor.ip });
      return c.json({ ended }, 200);
    });
}

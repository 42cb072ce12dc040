// GET /events: state and progress of the organisation's trackers as they change, for as long as who listens may know.
import { createRoute, z } from '@hono/zod-openapi';
import { identifyApiKey } from '../store/api-keys.ts';
import { isSignedIn } from '../store/sessions.ts';
import type { ApiEnv, Identity, SignInDeps } from './deps.ts';
import { createEventHub, type TrackerEvent } from './event-hub.ts';
import { bearerOf } from './identify.ts';
import { Problem, problemResponses } from './problems.ts';
import { createRouter } from './router.ts';

/** A browser with many tabs is one person; more than that is a mistake. */
const MOST_STREAMS = 10;

const route = createRoute({
  method: 'get',
  path: '/',
  tags: ['events'],
  summary: 'State and progress as they change (server-sent events); first all of it as it is',
  description:
    'Events: `tracker` (configId, name, state, isStale, lastErrorKind, lastSyncedAt, nextSyncAt, mappedAt), `progress` (configId, percent, rows), `gone` (configId). A comment comes every few seconds while nothing does.',
  request: {
    query: z.strictObject({
      organization: z
        .string()
        .max(100)
        .optional()
        .openapi({ description: 'As X-Organization, which browsers cannot send here.' }),
    }),
  },
  responses: {
    200: {
      description: 'A stream that ends with the session, or the right to it.',
      content: { 'text/event-stream': { schema: z.string() } },
    },
    ...problemResponses(400),
  },
});

export function events(deps: SignInDeps) {
  const hub = createEventHub(deps);
  const open = new Map<string, number>();

  return createRouter().openapi(route, (c) => {
    const { identity, organizationId } = c.var;
    const subject = identity.kind === 'person' ? identity.person.userId : identity.apiKeyId;
    const count = open.get(subject) ?? 0;
    if (count >= MOST_STREAMS)
      throw new Problem('too_many_requests', `${MOST_STREAMS} streams are open already.`, undefined, 60);
    open.set(subject, count + 1);
    const stream = eventStream({
      listen: (listener) => hub.listen(organizationId, listener),
      mayGoOn: () => mayListen(deps, identity, organizationId, c.req.header('authorization')),
      everyMs: deps.config.heartbeatMs,
      stopping: deps.stopping,
      ended: () => {
        const left = (open.get(subject) ?? 1) - 1;
        if (left === 0) open.delete(subject);
        else open.set(subject, left);
      },
    });
    return new Response(stream, {
      headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' },
    });
  });
}

/** Asked again and again: a session ends, a key is revoked, a member is removed. */
async function mayListen(
  { db, now }: SignInDeps,
  identity: Identity,
  organizationId: ApiEnv['Variables']['organizationId'],
  authorization: string | undefined,
): Promise<boolean> {
  if (identity.kind === 'person') return isSignedIn(db, identity.person.sessionId, organizationId);
  const key = bearerOf(authorization);
  return key !== undefined && (await identifyApiKey(db, key, now())) !== null;
}

interface StreamParts {
  listen(listener: (events: readonly TrackerEvent[]) => void): () => void;
  mayGoOn(): Promise<boolean>;
  everyMs: number;
  stopping: AbortSignal;
  ended(): void;
}

/** A slow reader gets the newest of each kind when it reads again: what waits for it is never more than one picture. */
function eventStream({ listen, mayGoOn, everyMs, stopping, ended }: StreamParts): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const waiting = new Map<string, TrackerEvent>();
  let isBeatDue = true;
  let wake = () => {};
  let isOver = false;
  const stopListening = listen((events) => {
    for (const event of events) waiting.set(`${event.name} ${event.configId}`, event);
    wake();
  });
  const beat = setInterval(async () => {
    // A database that is away ends no stream.
    if (!(await mayGoOn().catch(() => true))) end();
    isBeatDue = true;
    wake();
  }, everyMs).unref();
  function end(): void {
    if (isOver) return;
    isOver = true;
    clearInterval(beat);
    stopping.removeEventListener('abort', end);
    stopListening();
    ended();
    wake();
  }
  stopping.addEventListener('abort', end);

  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      while (waiting.size === 0 && !isBeatDue && !isOver) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      const text = [...waiting.values()].map(({ name, text }) => `event: ${name}\ndata: ${text}\n\n`).join('');
      waiting.clear();
      if (text !== '' || isBeatDue) controller.enqueue(encoder.encode(text === '' ? ': beat\n\n' : text));
      isBeatDue = false;
      if (isOver) controller.close();
    },
    cancel: end,
  });
}

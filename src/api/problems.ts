// Everything that can go wrong, as RFC 9457 problems: a closed list of codes, and one place that turns errors into answers.
import { z } from '@hono/zod-openapi';
import type { ErrorHandler, NotFoundHandler } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { ZodError } from 'zod';
import { ConfigConflict } from '../store/configs-conflict.ts';
import type { ApiEnv, Logger } from './deps.ts';

const CODES = {
  invalid_request: [400, 'The request is not right'],
  invalid_json: [400, 'The body is not JSON'],
  unauthenticated: [401, 'Sign in first'],
  wrong_credentials: [401, 'E-mail address and password do not fit'],
  wrong_code: [401, 'The code is not right'],
  forbidden: [403, 'Your role does not allow this'],
  cross_site: [403, 'This came from another site'],
  session_needed: [403, 'This is for people who signed in'],
  no_organization: [403, 'You belong to no organisation'],
  not_found: [404, 'Not found'],
  last_owner: [409, 'The last owner stays'],
  already_member: [409, 'They are a member already'],
  not_open: [409, 'The invitation is not open any more'],
  name_taken: [409, 'The name is taken'],
  other_host: [409, 'Another host'],
  idempotency_key_reused: [409, 'The Idempotency-Key was used for something else'],
  changed_since: [409, 'It was changed since'],
  nothing_to_undo: [409, 'There is nothing to take back'],
  too_many_resyncs: [409, 'Too many re-syncs'],
  body_too_large: [413, 'The body is too large'],
  unsupported_media_type: [415, 'The body must be JSON'],
  too_many_requests: [429, 'Too many requests'],
  internal_error: [500, 'Something went wrong here'],
  unavailable: [503, 'The database cannot be reached'],
  too_slow: [503, 'This took too long'],
} as const satisfies Record<string, readonly [ContentfulStatusCode, string]>;

export type ProblemCode = keyof typeof CODES;

export interface InputError {
  path: string;
  message: string;
}

/** What PostgreSQL says of a text or a time that it cannot hold: NUL, a lone surrogate, the year 0, a zone it does not know. */
const UNSTORABLE: ReadonlySet<string> = new Set(['22021', '22P05', '22P02', '22007', '22008', '22023']);

/** Thrown anywhere in a handler; becomes the answer. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly detail: string | undefined;
  readonly errors: readonly InputError[] | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ProblemCode, detail?: string, errors?: readonly InputError[], retryAfterSeconds?: number) {
    super(detail ?? CODES[code][1]);
    this.code = code;
    this.detail = detail;
    this.errors = errors;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export const notFound = (): Problem => new Problem('not_found');

/** Bad input at one place. */
export const badInput = (path: string, message: string): Problem =>
  new Problem('invalid_request', undefined, [{ path, message }]);

export const tooMany = (seconds: number, what: string): Problem =>
  new Problem('too_many_requests', `${what} Try again in ${seconds} seconds.`, undefined, seconds);

export function badInputOf(error: ZodError, prefix: readonly string[] = []): Problem {
  const errors = error.issues.flatMap((issue) => {
    const path = [...prefix, ...issue.path];
    // Of a key that is none, the reason is inside.
    const message = issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message;
    if (issue.code !== 'unrecognized_keys') return [{ path: path.join('.'), message }];
    return issue.keys.map((key) => ({ path: [...path, key].join('.'), message: 'is not known here' }));
  });
  return new Problem('invalid_request', undefined, errors);
}

export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    code: z.string().openapi({
      enum: Object.keys(CODES),
      description: Object.entries(CODES)
        .map(([code, [status, title]]) => `- \`${code}\` (${status}): ${title}`)
        .join('\n'),
    }),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .openapi('Problem');

type Status = (typeof CODES)[ProblemCode][0];
const content = { 'application/problem+json': { schema: problemSchema } };

/** The responses that a route may have beside its success; those of every route (404: no such organisation) are there always. */
export function problemResponses<S extends Status>(...statuses: readonly S[]) {
  const all = new Set<Status>([401, 403, 404, 429, 500, 503, ...statuses]);
  const documented = [...all].map((status) => {
    const titles = Object.entries(CODES).flatMap(([code, [of]]) => (of === status ? [code] : []));
    return [status, { description: titles.join(', '), content }];
  });
  return Object.fromEntries(documented) as Record<
    S | 401 | 403 | 404 | 429 | 500 | 503,
    { description: string; content: typeof content }
  >;
}

function answer(problem: Problem): Response {
  const [status, title] = CODES[problem.code];
  const body: z.infer<typeof problemSchema> = {
    type: `urn:tracker-hub:problem:${problem.code}`,
    title,
    status,
    code: problem.code,
    ...(problem.detail === undefined ? {} : { detail: problem.detail }),
    ...(problem.errors === undefined ? {} : { errors: [...problem.errors] }),
  };
  const headers: Record<string, string> = { 'content-type': 'application/problem+json', 'cache-control': 'no-store' };
  if (status === 401) headers['www-authenticate'] = 'Bearer';
  if (problem.retryAfterSeconds !== undefined) headers['retry-after'] = String(problem.retryAfterSeconds);
  return new Response(JSON.stringify(body), { status, headers });
}

export const answerNotFound: NotFoundHandler<ApiEnv> = () => answer(notFound());

export function answerError(logger: Logger): ErrorHandler<ApiEnv> {
  return (error, c) => {
    const problem = problemOf(error);
    if (problem.code === 'internal_error' || problem.code === 'unavailable') {
      // Name, words and place only: an error object may carry a request's content.
      const { name, message, stack } = error;
      logger.error({ method: c.req.method, path: c.req.path, error: { name, message, stack } }, 'request failed');
    }
    return answer(problem);
  };
}

const HTTP_CODES: Readonly<Record<number, ProblemCode>> = {
  400: 'invalid_json',
  413: 'body_too_large',
  415: 'unsupported_media_type',
};

function problemOf(error: Error): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof ConfigConflict) return new Problem(error.code, error.message);
  if (error instanceof HTTPException) return new Problem(HTTP_CODES[error.status] ?? 'internal_error');
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (UNSTORABLE.has(code)) return new Problem('invalid_request', 'A text or a time of it cannot be stored.');
  if (code === '57014') return new Problem('too_slow', 'Ask for less: a shorter range, or more filters.');
  if (/^(ECONN|ETIMEDOUT|ENOTFOUND|EPIPE|57P0|08)/.test(code) || /Connection terminated/.test(error.message)) {
    return new Problem('unavailable');
  }
  return new Problem('internal_error');
}

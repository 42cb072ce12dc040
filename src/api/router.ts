// A router whose bad input is answered as a problem.
import { OpenAPIHono } from '@hono/zod-openapi';
import type { ApiEnv } from './deps.ts';
import { badInputOf } from './problems.ts';

export function createRouter(): OpenAPIHono<ApiEnv> {
  return new OpenAPIHono<ApiEnv>({
    defaultHook: (result) => {
      if (!result.success) throw badInputOf(result.error);
    },
  });
}

/** A JSON body of a request; an example stands here, or at the schema. */
export const jsonBody = <S>(schema: S, example?: unknown) => ({
  required: true,
  content: { 'application/json': { schema, ...(example === undefined ? {} : { example }) } },
});

/** A successful answer. */
export const jsonAnswer = <S>(description: string, schema: S) => ({
  description,
  content: { 'application/json': { schema } },
});

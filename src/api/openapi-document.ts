// GET /openapi.json: the document that is made of the routes' own schemas, once, at the start.
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { ACCESS } from './access.ts';
import type { ApiEnv } from './deps.ts';
import { createRouter, jsonAnswer } from './router.ts';

const route = createRoute({
  method: 'get',
  path: '/openapi.json',
  tags: ['operations'],
  summary: 'This document',
  responses: { 200: jsonAnswer('OpenAPI 3.1.', z.record(z.string(), z.unknown())) },
});

const DESCRIPTION = `
Programs send \`Authorization: Bearer <API key>\`; the dashboard has a session in a cookie, and says with each change where it comes from (\`Origin\`). \`X-Organization\` chooses among several organisations. \`x-role\` of an operation is the least role that may use it: viewer, finance, mediabuyer, manager, admin, owner, super_admin. What belongs to another organisation is answered like what does not exist: 404.

Lists are \`{ items, nextCursor }\`; send \`nextCursor\` back as \`cursor\`. Times are ISO 8601 in UTC, ranges half-open, money a decimal string beside its currency. Errors are problems (RFC 9457) whose \`code\` is stable; 429 and 503 may say in \`Retry-After\` how long to wait.
`.trim();

interface Operation {
  operationId?: string;
  security?: unknown[];
  [extension: `x-${string}`]: unknown;
}

/**
 * To be mounted last. A schema that cannot be written down fails here, at the start.
 * @param app the API with all of its other routes
 */
export function openApiDocument(app: OpenAPIHono<ApiEnv>, version: string) {
  const router = createRouter();
  app.openAPIRegistry.registerComponent('securitySchemes', 'apiKey', { type: 'http', scheme: 'bearer' });
  app.openAPIRegistry.registerComponent('securitySchemes', 'session', {
    type: 'apiKey',
    in: 'cookie',
    name: 'tracker-hub.session_token',
    description: 'Set by signing in; its name has a prefix `__Secure-` over https, and the port where there is one.',
  });
  app.openAPIRegistry.registerPath(route);
  const document = app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: { title: 'Tracker Hub', version, description: DESCRIPTION },
    security: [{ apiKey: [] }, { session: [] }],
  });
  for (const [path, operations] of Object.entries(document.paths ?? {})) {
    for (const [method, operation] of Object.entries(operations as Record<string, Operation>)) {
      operation.operationId ??= operationIdOf(method, path);
      tellRole(operation, method, path);
    }
  }
  const text = JSON.stringify(document);
  return router.get(route.getRoutingPath(), (c) => c.body(text, 200, { 'content-type': 'application/json' }));
}

/** `getTrackersByConfigIdProgress`: as stable as the route itself, and as unique. */
function operationIdOf(method: string, path: string): string {
  const words = path
    .replace(/^\/api\/v1/, '')
    .replaceAll(/\{(\w+)\}/g, 'by-$1')
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '');
  return method + words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join('');
}

/** Who may use it, out of the one table that decides it. */
function tellRole(operation: Operation, method: string, path: string): void {
  const role = ACCESS[`${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`];
  if (role === 'public') operation.security = [];
  else operation['x-role'] = role;
}

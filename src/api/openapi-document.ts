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
    info: { title: 'Tracker Hub', version },
    security: [{ apiKey: [] }, { session: [] }],
  });
  for (const [path, operations] of Object.entries(document.paths ?? {})) {
    for (const [method, operation] of Object.entries(operations)) tellRole(operation, method, path);
  }
  const text = JSON.stringify(document);
  return router.get(route.getRoutingPath(), (c) => c.body(text, 200, { 'content-type': 'application/json' }));
}

/** Who may use it, out of the one table that decides it. */
function tellRole(operation: Record<string, unknown>, method: string, path: string): void {
  const role = ACCESS[`${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`];
  if (role === 'public') operation.security = [];
  else operation['x-role'] = role;
}

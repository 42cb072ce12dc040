// GET /metrics: Prometheus' text format; counts and durations of requests, and what Node tells of the process.
import { createRoute, z } from '@hono/zod-openapi';
import type { MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import type { ApiEnv } from './deps.ts';
import { problemResponses } from './problems.ts';
import { createRouter } from './router.ts';

const route = createRoute({
  method: 'get',
  path: '/metrics',
  tags: ['operations'],
  summary: 'Metrics for Prometheus',
  responses: {
    200: { description: "Prometheus' text format.", content: { 'text/plain': { schema: z.string() } } },
    ...problemResponses(),
  },
});

export interface ApiMetrics {
  /** Times every request by its route's pattern, so that ids make no series of their own. */
  measure: MiddlewareHandler<ApiEnv>;
  routes: ReturnType<typeof metricsRoute>;
}

export function createMetrics(): ApiMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Requests to the API, by method, route and status.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 30],
    registers: [registry],
  });
  return {
    measure: async (c, next) => {
      const end = durations.startTimer();
      await next();
      const matched = matchedRoutes(c).findLast(({ method }) => method !== 'ALL');
      end({ method: matched?.method ?? 'other', route: matched?.path ?? 'none', status: c.res.status });
    },
    routes: metricsRoute(registry),
  };
}

function metricsRoute(registry: Registry) {
  return createRouter().openapi(route, async (c) => c.text(await registry.metrics(), 200));
}

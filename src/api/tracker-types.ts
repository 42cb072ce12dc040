// GET /trackers/types: what can be connected, with the form's fields and what each tracker gives.
import { createRoute, z } from '@hono/zod-openapi';
import type { Adapter } from '../adapters/adapter.ts';
import { RESOURCES } from '../core/resources.ts';
import type { ApiDeps } from './deps.ts';
import { problemResponses } from './problems.ts';
import { createRouter, jsonAnswer } from './router.ts';
import { declaredResources, sourceOf } from './tracker-config.ts';
import { json } from './wire.ts';

const jsonSchema = z.record(z.string(), json).openapi({ description: 'A JSON Schema.' });

const trackerTypeSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    mark: z.object({ letters: z.string(), color: z.string() }),
    docsUrl: z.string(),
    docsOf: z
      .string()
      .nullable()
      .openapi({ description: 'Whose they are, where the tracker has none that are public.' }),
    urlRequired: z.boolean(),
    defaultUrl: z.string().nullable(),
    credentials: jsonSchema,
    settings: jsonSchema,
    resources: z.partialRecord(
      z.enum(RESOURCES),
      z.object({
        evidence: z.enum(['documented', 'observed', 'assumed']),
        note: z.string().nullable(),
        recentOnly: z.boolean().openapi({ description: 'Its newest rows alone are given: no history can be read.' }),
      }),
    ),
  })
  .openapi('TrackerType');

const route = createRoute({
  method: 'get',
  path: '/types',
  tags: ['trackers'],
  summary: 'The trackers that can be connected',
  responses: {
    200: jsonAnswer('Each with its form and its resources.', z.array(trackerTypeSchema)),
    ...problemResponses(),
  },
});

export function trackerTypes(deps: ApiDeps) {
  const types = Object.values(deps.adapters).map(describe);
  return createRouter().openapi(route, (c) => c.json(types, 200));
}

function describe(adapter: Adapter): z.infer<typeof trackerTypeSchema> {
  return {
    type: adapter.type,
    title: adapter.title,
    mark: adapter.mark,
    docsUrl: adapter.docsUrl,
    docsOf: adapter.docsOf ?? null,
    urlRequired: adapter.url.isRequired,
    defaultUrl: adapter.url.default,
    credentials: formOf(adapter.credentials),
    settings: formOf(adapter.settings),
    resources: Object.fromEntries(
      declaredResources(adapter).flatMap((resource) => {
        const source = sourceOf(adapter, resource);
        if (source === undefined) return [];
        const recentOnly = 'reachMs' in source && source.reachMs !== undefined;
        return [[resource, { evidence: source.evidence, note: source.note ?? null, recentOnly }]];
      }),
    ),
  };
}

/** As a person fills it in: fields with a default may be left out. */
function formOf(schema: z.ZodType): z.infer<typeof jsonSchema> {
  return jsonSchema.parse(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
}

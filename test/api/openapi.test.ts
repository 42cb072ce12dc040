// The description: equal to the router both ways, names that stay, examples that are what they describe, and its committed picture.
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ACCESS } from '../../src/api/access.ts';
import { type Harness, startHarness } from './harness.ts';

interface Schema {
  $ref?: string;
  [key: string]: unknown;
}
interface Operation {
  operationId: string;
  summary?: string;
  tags?: string[];
  security?: unknown[];
  parameters?: { name: string; in: string; example?: unknown; schema: Schema }[];
  requestBody?: { content: Record<string, { schema: Schema; example?: unknown }> };
  responses: Record<string, { description: string; content?: Record<string, { schema: Schema; example?: unknown }> }>;
  'x-role'?: string;
}

let api: Harness;
let document: { openapi: string; paths: Record<string, Record<string, Operation>>; components: { schemas: object } };
let operations: { route: string; operation: Operation }[];

beforeAll(async () => {
  api = await startHarness();
  document = (await api.ask('GET', '/openapi.json', { key: null })).json;
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      route: `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
      operation,
    })),
  );
});
afterAll(() => api.end());

test('it names the routes that the router has, and no others, with who may use them', () => {
  const routed = api.app.routes.filter(({ method }) => method !== 'ALL').map(({ method, path }) => `${method} ${path}`);
  expect(operations.map(({ route }) => route).sort()).toEqual([...new Set(routed)].sort());
  for (const { route, operation } of operations) {
    if (ACCESS[route] === 'public') expect(operation.security, route).toEqual([]);
    else expect(operation['x-role'], route).toBe(ACCESS[route]);
  }
});

test('every operation has a name of its own, a line that says it, and a place', () => {
  const names = operations.map(({ operation }) => operation.operationId);
  expect(new Set(names).size).toBe(names.length);
  for (const { route, operation } of operations) {
    expect(operation.operationId, route).toMatch(/^(get|post|put|patch|delete)[A-Za-z0-9]+$/);
    expect(operation.summary?.length, route).toBeGreaterThan(5);
    expect(operation.tags, route).toHaveLength(1);
  }
  expect(names).toEqual(expect.arrayContaining(['getTrackers', 'postTrackersByConfigIdPause', 'getOpenapiJson']));
});

test('every error is a problem with its codes, and every signed route may answer 401, 403, 404 and 429', () => {
  for (const { route, operation } of operations) {
    const errors = Object.entries(operation.responses).filter(([status]) => status >= '400');
    for (const [status, { description, content }] of errors) {
      if (route === 'GET /readyz') continue;
      expect(content?.['application/problem+json']?.schema.$ref, `${route} ${status}`).toMatch(/Problem$/);
      expect(description, `${route} ${status}`).toMatch(/^[a-z_]+(, [a-z_]+)*$/);
    }
    if (operation.security?.length === 0) continue;
    expect(
      errors.map(([status]) => status),
      route,
    ).toEqual(expect.arrayContaining(['401', '403', '404', '429']));
  }
});

describe('examples', () => {
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true });
  formats.default(ajv);

  /** Every schema and parameter of the document that shows an example, with its place. */
  function* shown(node: unknown, at: string): Generator<{ at: string; schema: Schema; example: unknown }> {
    if (Array.isArray(node)) {
      for (const [i, inner] of node.entries()) yield* shown(inner, `${at}/${i}`);
    } else if (typeof node === 'object' && node !== null) {
      const { example, examples, schema, ...rest } = node as Schema;
      // A property may be called `example`, and then is a schema itself.
      const isProperties = /\/properties$/.test(at);
      if (example !== undefined && !isProperties) yield { at, schema: (schema as Schema) ?? rest, example };
      if (Array.isArray(examples)) for (const one of examples) yield { at, schema: rest, example: one };
      for (const [name, inner] of Object.entries(isProperties ? node : { ...rest, ...(schema ? { schema } : {}) })) {
        yield* shown(inner, `${at}/${name}`);
      }
    }
  }

  test('are each what they are an example of', () => {
    const absolute = (schema: Schema): Schema =>
      JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"document#/components'));
    ajv.addSchema(absolute({ components: document.components }), 'document');
    const found = [...shown(document, '#')];
    expect(found.length).toBeGreaterThan(30);
    for (const { at, schema, example } of found) {
      const isValid = ajv.validate(absolute(schema), example);
      expect(isValid, `${at}: ${JSON.stringify(example)} ${ajv.errorsText()}`).toBe(true);
    }
  });

  test('stand at every body that is sent', () => {
    const bodies = operations.flatMap(({ route, operation }) =>
      Object.entries(operation.requestBody?.content ?? {})
        .filter(([type]) => type === 'application/json')
        .map(([, content]) => ({ route, ...content })),
    );
    expect(bodies.length).toBeGreaterThan(15);
    const without = bodies.filter(({ schema, example }) => example === undefined && !hasExample(schema));
    expect(without.map(({ route }) => route)).toEqual([]);
  });

  function hasExample(schema: Schema): boolean {
    const name = schema.$ref?.split('/').at(-1);
    const target = name === undefined ? schema : (document.components.schemas as Record<string, Schema>)[name];
    if (target === undefined) return false;
    const parts = [target.oneOf, target.anyOf].flatMap((list) => (Array.isArray(list) ? (list as Schema[]) : []));
    return 'example' in target || (parts.length > 0 && parts.every(hasExample));
  }
});

test('the committed document is this one (write it anew with npm run openapi)', async () => {
  await expect(`${written(document)}\n`).toMatchFileSnapshot('../data/openapi.json');
});

/** Whatever fits in a line stands in one, so that a difference is short to read. */
function written(value: unknown, indent = ''): string {
  const line = JSON.stringify(value);
  if (line.length + indent.length <= 120 || typeof value !== 'object' || value === null) return line;
  const inner = `${indent}  `;
  const parts = Array.isArray(value)
    ? value.map((one) => inner + written(one, inner))
    : Object.entries(value).map(([name, one]) => `${inner}${JSON.stringify(name)}: ${written(one, inner)}`);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return `${open}\n${parts.join(',\n')}\n${indent}${close}`;
}

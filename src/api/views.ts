// Saved views: kept for oneself or shared in the organisation; changed by their owner or an admin.
import { createRoute, z } from '@hono/zod-openapi';
import { recordDeed } from '../store/audit.ts';
import type { Tx } from '../store/db.ts';
import {
  changeView,
  createView,
  deleteView,
  findView,
  listViews,
  type SavedView,
  type ViewChange,
} from '../store/saved-views.ts';
import { isAtLeast } from '../store/sign-in-roles.ts';
import { withOrganization } from '../store/tenancy.ts';
import type { ApiDeps, ApiEnv } from './deps.ts';
import { asId, idParams } from './ids.ts';
import { listAnswer, listOf, pageAsk, pagingQuery } from './paging.ts';
import { notFound, Problem, problemResponses } from './problems.ts';
import { createRouter, jsonAnswer, jsonBody } from './router.ts';
import { id, iso, json, time } from './wire.ts';

const tags = ['views'];
const LARGEST_QUERY_CHARACTERS = 20_000;

const pageName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,49}$/, 'must be the name of a page: small letters, digits, hyphens')
  .openapi({ example: 'analytics' });

const isText = (text: string): boolean => text.isWellFormed() && !text.includes('\0');
const query = z
  .record(z.string(), json)
  .refine((given) => {
    const text = JSON.stringify(given);
    // A NUL is written as \u0000, which jsonb cannot hold; a lone surrogate likewise.
    return text.length <= LARGEST_QUERY_CHARACTERS && !/\\u(0000|d[89a-f])/i.test(text);
  }, `must be at most ${LARGEST_QUERY_CHARACTERS} characters of ordinary text`)
  .openapi({ type: 'object', additionalProperties: true, example: { groupBy: ['campaign', 'day'], sort: '-profit' } });

const contentFields = {
  name: z.string().trim().min(1).max(200).refine(isText, 'holds characters that no text may have'),
  page: pageName,
  query,
  isShared: z.boolean().openapi({ description: 'Everybody in the organisation sees it.' }),
};

const viewSchema = z
  .object({
    id,
    ...contentFields,
    name: z.string(),
    ownerId: id,
    ownerName: z.string(),
    isOwn: z.boolean(),
    createdAt: time,
    updatedAt: time,
  })
  .openapi('View');

const list = createRoute({
  method: 'get',
  path: '/',
  tags,
  summary: 'One’s own views and the shared ones, newest first',
  request: { query: z.strictObject({ ...pagingQuery, page: z.string().max(50).optional() }) },
  responses: { 200: jsonAnswer('A page of them.', listOf(viewSchema)), ...problemResponses(400) },
});

const create = createRoute({
  method: 'post',
  path: '/',
  tags,
  summary: 'Save a view',
  request: {
    body: jsonBody(
      z.strictObject({ ...contentFields, isShared: contentFields.isShared.default(false) }).openapi('NewView', {
        example: { name: 'Profit by ad', page: 'analytics', query: { groupBy: ['ad'] }, isShared: false },
      }),
    ),
  },
  responses: { 201: jsonAnswer('It.', viewSchema), ...problemResponses(400, 413, 415) },
});

const read = createRoute({
  method: 'get',
  path: '/{id}',
  tags,
  summary: 'One view',
  request: { params: idParams },
  responses: { 200: jsonAnswer('It.', viewSchema), ...problemResponses() },
});

const change = createRoute({
  method: 'patch',
  path: '/{id}',
  tags,
  summary: 'Change a view',
  request: {
    params: idParams,
    body: jsonBody(
      z
        .strictObject(contentFields)
        .partial()
        .openapi('ViewChange', { example: { isShared: true } }),
    ),
  },
  responses: { 200: jsonAnswer('As it is now.', viewSchema), ...problemResponses(400, 413, 415) },
});

const remove = createRoute({
  method: 'delete',
  path: '/{id}',
  tags,
  summary: 'Delete a view',
  request: { params: idParams },
  responses: { 200: jsonAnswer('As it was.', viewSchema), ...problemResponses() },
});

/** A person, or a key that belongs to nobody. */
const ownerOf = ({ identity }: ApiEnv['Variables']): { ownerId: string; ownerName: string } => {
  if (identity.kind === 'person') return { ownerId: identity.person.userId, ownerName: identity.person.name };
  return { ownerId: identity.userId ?? identity.apiKeyId, ownerName: identity.name };
};

export function views(deps: ApiDeps) {
  const toAnswer = (view: SavedView, variables: ApiEnv['Variables']): z.infer<typeof viewSchema> => ({
    ...view,
    isOwn: view.ownerId === ownerOf(variables).ownerId,
    createdAt: iso(view.createdAt),
    updatedAt: iso(view.updatedAt),
  });

  /** On a view that the caller sees. */
  const withView = <T>(variables: ApiEnv['Variables'], pathId: string, work: (tx: Tx, view: SavedView) => Promise<T>) =>
    withOrganization(deps.db, variables.organizationId, async (tx) => {
      const view = await findView(tx, ownerOf(variables).ownerId, asId(pathId));
      if (view === null) throw notFound();
      return work(tx, view);
    });

  function expectMayChange(variables: ApiEnv['Variables'], view: SavedView): void {
    if (view.ownerId === ownerOf(variables).ownerId || isAtLeast(variables.role, 'admin')) return;
    throw new Problem('forbidden', `It belongs to ${view.ownerName}; an admin may change it too.`);
  }

  /** What somebody does with their own views is nobody's business. */
  async function recordForeign(tx: Tx, variables: ApiEnv['Variables'], view: SavedView, given: ViewChange | null) {
    if (view.ownerId === ownerOf(variables).ownerId) return;
    const { name, page, query, isShared, ownerName: owner } = view;
    const whole = { name, page, query, isShared };
    const pairs = Object.entries(whole).filter(([field]) => given === null || field === 'name' || field in given);
    await recordDeed(tx, variables.organizationId, variables.actor, {
      ...{ action: given === null ? 'view.delete' : 'view.change', targetType: 'view', targetId: view.id },
      before: { ...Object.fromEntries(pairs), owner },
      ...(given === null ? {} : { after: JSON.parse(JSON.stringify(given)) }),
    });
  }

  return createRouter()
    .openapi(list, async (c) => {
      const { limit, cursor, page } = c.req.valid('query');
      const ask = pageAsk({ limit, cursor });
      const found = await withOrganization(deps.db, c.var.organizationId, (tx) =>
        listViews(tx, ownerOf(c.var).ownerId, page, ask),
      );
      return c.json(
        listAnswer(found, (view) => toAnswer(view, c.var)),
        200,
      );
    })
    .openapi(create, async (c) => {
      const { organizationId } = c.var;
      const owner = { organizationId, ...ownerOf(c.var) };
      const content = c.req.valid('json');
      const made = await withOrganization(deps.db, organizationId, async (tx) => {
        const viewId = await createView(tx, owner, content);
        return (await findView(tx, owner.ownerId, viewId))!;
      });
      return c.json(toAnswer(made, c.var), 201);
    })
    .openapi(read, async (c) => {
      const view = await withView(c.var, c.req.valid('param').id, async (_, view) => view);
      return c.json(toAnswer(view, c.var), 200);
    })
    .openapi(change, async (c) => {
      const given = c.req.valid('json');
      const changed = await withView(c.var, c.req.valid('param').id, async (tx, view) => {
        expectMayChange(c.var, view);
        const changed = await changeView(tx, view.id, given);
        if (changed === null) throw notFound();
        await recordForeign(tx, c.var, view, given);
        return changed;
      });
      return c.json(toAnswer(changed, c.var), 200);
    })
    .openapi(remove, async (c) => {
      const removed = await withView(c.var, c.req.valid('param').id, async (tx, view) => {
        expectMayChange(c.var, view);
        await deleteView(tx, view.id);
        await recordForeign(tx, c.var, view, null);
        return view;
      });
      return c.json(toAnswer(removed, c.var), 200);
    });
}

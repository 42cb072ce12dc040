// Organisations: those that one may choose, new ones, their name, and their end.
import { createRoute, z } from '@hono/zod-openapi';
import { recordDeed } from '../store/audit.ts';
import {
  createOrganization,
  endOrganization,
  findOrganization,
  listOrganizations,
  type Organization,
  renameOrganization,
} from '../store/organizations.ts';
import { withOrganization } from '../store/tenancy.ts';
import type { ApiDeps, ApiEnv, Identity } from './deps.ts';
import { asId, idParams } from './ids.ts';
import { listAnswer, listOf, pageAsk, pagingQuery } from './paging.ts';
import { notFound, problemResponses } from './problems.ts';
import { createRouter, jsonAnswer, jsonBody } from './router.ts';
import { id, iso, time } from './wire.ts';

const tags = ['people'];

const organizationSchema = z.object({ id, name: z.string(), createdAt: time }).openapi('Organization');
const body = jsonBody(
  z
    .strictObject({ name: z.string().trim().min(1).max(200) })
    .openapi('OrganizationName', { example: { name: 'Northern Media' } }),
);

const list = createRoute({
  method: 'get',
  path: '/',
  tags,
  summary: 'The organisations that X-Organization may name, newest first',
  request: { query: z.strictObject(pagingQuery) },
  responses: { 200: jsonAnswer('A page of them.', listOf(organizationSchema)), ...problemResponses(400) },
});

const create = createRoute({
  method: 'post',
  path: '/',
  tags,
  summary: 'A new organisation; invite its owner next',
  request: { body },
  responses: { 201: jsonAnswer('It.', organizationSchema), ...problemResponses(400, 413, 415) },
});

const rename = createRoute({
  method: 'patch',
  path: '/{id}',
  tags,
  summary: 'Another name',
  request: { params: idParams, body },
  responses: { 200: jsonAnswer('As it is now.', organizationSchema), ...problemResponses(400, 413, 415) },
});

const end = createRoute({
  method: 'delete',
  path: '/{id}',
  tags,
  summary: 'End the organisation: nobody signs in to it any more, and its trackers are deleted with their rows',
  request: { params: idParams },
  responses: { 202: jsonAnswer('Ended; rows go in the background.', z.object({ id })), ...problemResponses() },
});

const toAnswer = (organization: Organization): z.infer<typeof organizationSchema> => ({
  ...organization,
  createdAt: iso(organization.createdAt),
});

export function organizations(deps: ApiDeps) {
  /** A super_admin finds any; row-level security shows everybody else the chosen one. */
  async function found({ organizationId, role }: ApiEnv['Variables'], pathId: string): Promise<Organization> {
    const wanted = asId(pathId);
    const organization =
      role === 'super_admin'
        ? await findOrganization(deps.db, wanted)
        : await withOrganization(deps.db, organizationId, (tx) => findOrganization(tx, wanted));
    if (organization === null) throw notFound();
    return organization;
  }

  return createRouter()
    .openapi(list, async (c) => {
      const page = await listOrganizations(deps.db, idsOf(c.var.identity), pageAsk(c.req.valid('query')));
      return c.json(listAnswer(page, toAnswer), 200);
    })
    .openapi(create, async (c) => {
      const { name } = c.req.valid('json');
      const made = await createOrganization(deps.db, name);
      const deed = { action: 'organization.create', targetType: 'organization', targetId: made.id, after: { name } };
      await withOrganization(deps.db, made.id, (tx) => recordDeed(tx, made.id, c.var.actor, deed));
      return c.json(toAnswer(made), 201);
    })
    .openapi(rename, async (c) => {
      const before = await found(c.var, c.req.valid('param').id);
      const { name } = c.req.valid('json');
      await withOrganization(deps.db, before.id, async (tx) => {
        await renameOrganization(tx, before.id, name);
        const deed = { action: 'organization.rename', targetType: 'organization', targetId: before.id };
        await recordDeed(tx, before.id, c.var.actor, { ...deed, before: { name: before.name }, after: { name } });
      });
      return c.json(toAnswer({ ...before, name }), 200);
    })
    .openapi(end, async (c) => {
      const { id, name } = await found(c.var, c.req.valid('param').id);
      const configs = await endOrganization(deps.db, id);
      if (configs === null) throw notFound();
      const deed = { action: 'organization.end', targetType: 'organization', targetId: id, before: { name } };
      await withOrganization(deps.db, id, (tx) => recordDeed(tx, id, c.var.actor, deed));
      for (const configId of configs) await deps.wake(configId);
      return c.json({ id }, 202);
    });
}

function idsOf(identity: Identity): string[] | 'all' {
  if (identity.kind === 'key') return identity.role === 'super_admin' ? 'all' : [identity.organizationId];
  const { isSuperAdmin, memberships } = identity.person;
  return isSuperAdmin ? 'all' : memberships.map(({ organizationId }) => organizationId);
}

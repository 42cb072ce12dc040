// The people of the organisation: who they are, which role they have, and who is removed.
import { createRoute, z } from '@hono/zod-openapi';
import { recordDeed } from '../store/audit.ts';
import type { Tx } from '../store/db.ts';
import {
  findMember,
  isLastOwner,
  listMembers,
  lockMembers,
  type Member,
  removeMember,
  setMemberRole,
} from '../store/members.ts';
import { isAtLeast, MEMBER_ROLES, ROLES, type Role } from '../store/sign-in-roles.ts';
import { withOrganization } from '../store/tenancy.ts';
import type { ApiDeps, ApiEnv } from './deps.ts';
import { asId, idParams } from './ids.ts';
import { listAnswer, listOf, pageAsk, pagingQuery } from './paging.ts';
import { notFound, Problem, problemResponses } from './problems.ts';
import { createRouter, jsonAnswer, jsonBody } from './router.ts';
import { id, iso, time } from './wire.ts';

const tags = ['people'];

const userSchema = z
  .object({ id, email: z.string(), name: z.string(), role: z.enum(ROLES), isTwoFactorOn: z.boolean(), joinedAt: time })
  .openapi('User');

const list = createRoute({
  method: 'get',
  path: '/',
  tags,
  summary: 'The people of the organisation, who joined last first',
  request: { query: z.strictObject(pagingQuery) },
  responses: { 200: jsonAnswer('A page of them.', listOf(userSchema)), ...problemResponses(400) },
});

const change = createRoute({
  method: 'patch',
  path: '/{id}',
  tags,
  summary: 'Another role; nobody gives one above their own, or changes who has one',
  request: {
    params: idParams,
    body: jsonBody(
      z.strictObject({ role: z.enum(MEMBER_ROLES) }).openapi('UserChange', { example: { role: 'manager' } }),
    ),
  },
  responses: { 200: jsonAnswer('As they are now.', userSchema), ...problemResponses(400, 409, 413, 415) },
});

const remove = createRoute({
  method: 'delete',
  path: '/{id}',
  tags,
  summary: 'Remove somebody from the organisation, with their keys; the last owner stays',
  request: { params: idParams },
  responses: { 200: jsonAnswer('As they were.', userSchema), ...problemResponses(409) },
});

const toUser = (member: Member): z.infer<typeof userSchema> => ({ ...member, joinedAt: iso(member.joinedAt) });

export function users(deps: ApiDeps) {
  /** Changes a member whom the caller may change, and writes it down. */
  async function changeMember(
    { organizationId, actor, role }: ApiEnv['Variables'],
    pathId: string,
    given: Role | null,
    work: (tx: Tx, member: Member) => Promise<Member>,
  ): Promise<Member> {
    const userId = asId(pathId);
    return withOrganization(deps.db, organizationId, async (tx) => {
      await lockMembers(tx, organizationId);
      const member = await findMember(tx, userId);
      if (member === null) throw notFound();
      if (!isAtLeast(role, member.role)) throw new Problem('forbidden', 'They have a higher role than yours.');
      if (given !== null && !isAtLeast(role, given)) throw new Problem('forbidden', 'This role is above your own.');
      if (given !== 'owner' && (await isLastOwner(tx, userId)))
        throw new Problem('last_owner', 'Make somebody else an owner first.');
      const after = await work(tx, member);
      const { email } = member;
      await recordDeed(tx, organizationId, actor, {
        ...{ action: given === null ? 'user.remove' : 'user.change_role', targetType: 'user', targetId: userId },
        before: { email, role: member.role },
        ...(given === null ? {} : { after: { email, role: after.role } }),
      });
      return after;
    });
  }

  return createRouter()
    .openapi(list, async (c) => {
      const ask = pageAsk(c.req.valid('query'));
      const page = await withOrganization(deps.db, c.var.organizationId, (tx) => listMembers(tx, ask));
      return c.json(listAnswer(page, toUser), 200);
    })
    .openapi(change, async (c) => {
      const { role } = c.req.valid('json');
      const changed = await changeMember(c.var, c.req.valid('param').id, role, async (tx, { id }) => {
        await setMemberRole(tx, id, role);
        return (await findMember(tx, id))!;
      });
      return c.json(toUser(changed), 200);
    })
    .openapi(remove, async (c) => {
      const removed = await changeMember(c.var, c.req.valid('param').id, null, async (tx, member) => {
        await removeMember(tx, member.id);
        return member;
      });
      return c.json(toUser(removed), 200);
    });
}

// Invitations as those see them who invite: made with a link that is shown once and sent where mail is set up, listed, revoked.
import { createRoute, z } from '@hono/zod-openapi';
import { recordDeed } from '../store/audit.ts';
import {
  createInvitation,
  findInvitation,
  INVITATION_DAYS,
  type Invitation,
  listInvitations,
  makeInvitationToken,
  revokeInvitation,
} from '../store/invitations.ts';
import { isMember, lockMembers } from '../store/members.ts';
import { findOrganization } from '../store/organizations.ts';
import { isAtLeast, MEMBER_ROLES } from '../store/sign-in-roles.ts';
import { withOrganization } from '../store/tenancy.ts';
import { type ApiDeps, userIdOf } from './deps.ts';
import { asId, idParams } from './ids.ts';
import { sendInvitation } from './letters.ts';
import { listAnswer, listOf, pageAsk, pagingQuery } from './paging.ts';
import { notFound, Problem, problemResponses } from './problems.ts';
import { createRouter, jsonAnswer, jsonBody } from './router.ts';
import { id, iso, time } from './wire.ts';

const tags = ['people'];

/** What mail programs take for one address, and nothing that could become two. */
const emailSchema = z
  .string()
  .trim()
  .toLowerCase()
  .max(254)
  .regex(/^[^\s@<>()[\],;:"\\]+@[^\s@<>()[\],;:"\\]+$/, 'must be an e-mail address')
  .refine((text) => text.isWellFormed() && !/\p{Cc}/u.test(text), 'must be an e-mail address');

const invitationSchema = z
  .object({
    id,
    email: z.string(),
    role: z.enum(MEMBER_ROLES),
    state: z.enum(['pending', 'accepted', 'revoked', 'expired']),
    createdAt: time,
    expiresAt: time,
    invitedBy: z.string().nullable(),
  })
  .openapi('Invitation');

const list = createRoute({
  method: 'get',
  path: '/',
  tags,
  summary: 'The invitations, newest first, whatever became of them',
  request: { query: z.strictObject(pagingQuery) },
  responses: { 200: jsonAnswer('A page of them.', listOf(invitationSchema)), ...problemResponses(400) },
});

const create = createRoute({
  method: 'post',
  path: '/',
  tags,
  summary: 'Invite somebody; an open invitation of the same address is replaced',
  request: {
    body: jsonBody(
      z
        .strictObject({ email: emailSchema, role: z.enum(MEMBER_ROLES) })
        .openapi('NewInvitation', { example: { email: 'ann@example.com', role: 'mediabuyer' } }),
    ),
  },
  responses: {
    201: jsonAnswer(
      `Good for ${INVITATION_DAYS} days, and for one person once.`,
      invitationSchema.extend({
        link: z.string().openapi({ description: 'Shown once.' }),
        isSent: z.boolean().openapi({ description: 'It went out by mail too.' }),
      }),
    ),
    ...problemResponses(400, 409, 413, 415),
  },
});

const revoke = createRoute({
  method: 'delete',
  path: '/{id}',
  tags,
  summary: 'Revoke an invitation',
  request: { params: idParams },
  responses: { 200: jsonAnswer('Its link opens nothing.', invitationSchema), ...problemResponses(409) },
});

const toAnswer = (invitation: Invitation): z.infer<typeof invitationSchema> => ({
  ...invitation,
  createdAt: iso(invitation.createdAt),
  expiresAt: iso(invitation.expiresAt),
});

export function invitations(deps: ApiDeps) {
  return createRouter()
    .openapi(list, async (c) => {
      const ask = pageAsk(c.req.valid('query'));
      const page = await withOrganization(deps.db, c.var.organizationId, (tx) => listInvitations(tx, ask));
      return c.json(listAnswer(page, toAnswer), 200);
    })
    .openapi(create, async (c) => {
      const { organizationId, actor, role: ownRole, identity } = c.var;
      const { email, role } = c.req.valid('json');
      if (!isAtLeast(ownRole, role)) throw new Problem('forbidden', 'This role is above your own.');
      const token = makeInvitationToken();
      const { made, organization } = await withOrganization(deps.db, organizationId, async (tx) => {
        // Two for one address at once: the later one replaces the earlier.
        await lockMembers(tx, organizationId);
        if (await isMember(tx, email)) throw new Problem('already_member', `${email} is here already.`);
        const made = await createInvitation(tx, { organizationId, inviterId: userIdOf(identity), email, role, token });
        const deed = { action: 'invitation.create', targetType: 'invitation', targetId: made.id };
        await recordDeed(tx, organizationId, actor, { ...deed, after: { email, role } });
        return { made, organization: await findOrganization(tx, organizationId) };
      });
      // Behind the hash: it is sent to no server, and stands in no log on the way.
      const link = `${deps.config.publicUrl()}/invitation#${token}`;
      const isSent = await sendInvitation(deps, email, organization?.name ?? '', link);
      return c.json({ ...toAnswer(made), link, isSent }, 201);
    })
    .openapi(revoke, async (c) => {
      const { organizationId, actor, role: ownRole } = c.var;
      const invitationId = asId(c.req.valid('param').id);
      const revoked = await withOrganization(deps.db, organizationId, async (tx) => {
        const found = await findInvitation(tx, invitationId);
        if (found === null) throw notFound();
        if (!isAtLeast(ownRole, found.role)) throw new Problem('forbidden', 'It is for a higher role than yours.');
        if (!(await revokeInvitation(tx, invitationId))) throw new Problem('not_open', `It is ${found.state} already.`);
        const { email, role } = found;
        const deed = { action: 'invitation.revoke', targetType: 'invitation', targetId: invitationId };
        await recordDeed(tx, organizationId, actor, { ...deed, before: { email, role } });
        return { ...found, state: 'revoked' as const };
      });
      return c.json(toAnswer(revoked), 200);
    });
}

// Invitations as those see them who are invited: what a link is for, and accepting it.
import { createRoute, z } from '@hono/zod-openapi';
import { hashPassword } from 'better-auth/crypto';
import { acceptInvitation, findOpenInvitation } from '../store/invitations-accept.ts';
import { MEMBER_ROLES } from '../store/sign-in-roles.ts';
import { newPassword } from './account.ts';
import { callAuth } from './auth-call.ts';
import { clientAddress } from './client-address.ts';
import type { SignInDeps } from './deps.ts';
import { identify } from './identify.ts';
import { badInput, notFound, Problem, problemResponses } from './problems.ts';
import { createRouter, jsonAnswer, jsonBody } from './router.ts';
import { personName } from './sessions.ts';
import { id, iso, time } from './wire.ts';

const tags = ['people'];

const token = z.string().min(1).max(200).openapi({ description: 'What stands behind # in the link.' });
const example = { token: 'kPq3…' };

const lookUp = createRoute({
  method: 'post',
  path: '/look-up',
  tags,
  summary: 'What the link of an invitation is for',
  request: { body: jsonBody(z.strictObject({ token }).openapi('InvitationLink', { example })) },
  responses: {
    200: jsonAnswer(
      'It is open.',
      z
        .object({
          organization: z.object({ id, name: z.string() }),
          email: z.string(),
          role: z.enum(MEMBER_ROLES),
          expiresAt: time,
          isKnown: z.boolean().openapi({ description: 'The address has an account: sign in with it, then accept.' }),
        })
        .openapi('OpenInvitation'),
    ),
    ...problemResponses(400, 413, 415),
  },
});

const accept = createRoute({
  method: 'post',
  path: '/accept',
  tags,
  summary: 'Accept an invitation: with a new password, or signed in with the account of the invited address',
  request: {
    body: jsonBody(
      z
        .strictObject({ token, name: personName.optional(), password: newPassword.optional() })
        .openapi('InvitationAcceptance', { example: { ...example, name: 'Ann', password: 'correct horse battery' } }),
    ),
  },
  responses: {
    200: jsonAnswer('A member, and signed in.', z.object({ organizationId: id })),
    ...problemResponses(400, 413, 415),
  },
});

export function invited(deps: SignInDeps) {
  return createRouter()
    .openapi(lookUp, async (c) => {
      const open = await findOpenInvitation(deps.db, c.req.valid('json').token);
      if (open === null) throw notFound();
      const { organizationId, organizationName, email, role, expiresAt, userId } = open;
      const organization = { id: organizationId, name: organizationName };
      return c.json({ organization, email, role, expiresAt: iso(expiresAt), isKnown: userId !== null }, 200);
    })
    .openapi(accept, async (c) => {
      const { token, name, password } = c.req.valid('json');
      const open = await findOpenInvitation(deps.db, token);
      if (open === null) throw notFound();
      const ip = clientAddress(c, deps.config.trustedProxies);
      if (open.userId !== null) {
        const found = await identify(deps, c);
        const isThem = found?.identity.kind === 'person' && found.identity.person.userId === open.userId;
        if (!isThem) throw new Problem('unauthenticated', `Sign in as ${open.email} first.`);
        if ((await acceptInvitation(deps.db, token, { userId: open.userId }, ip)) === null) throw notFound();
        return c.json({ organizationId: open.organizationId }, 200);
      }
      if (password === undefined) throw badInput('password', 'is needed for a new account');
      const passwordHash = await hashPassword(password);
      const who = { name: name ?? open.email.split('@')[0]!, passwordHash };
      if ((await acceptInvitation(deps.db, token, who, ip)) === null) throw notFound();
      const body = { email: open.email, password, rememberMe: true };
      await callAuth(deps, c, (headers) => deps.auth().api.signInByPassword({ body, headers, returnHeaders: true }));
      return c.json({ organizationId: open.organizationId }, 200);
    });
}

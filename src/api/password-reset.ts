// A forgotten password: a link by mail, or from an admin for who belongs to that organisation alone; and the new password behind it.
import { createRoute, z } from '@hono/zod-openapi';
import { countAttempt } from '../store/attempts.ts';
import { recordDeed, recordPersonalDeed } from '../store/audit.ts';
import { findMember } from '../store/members.ts';
import {
  belongsElsewhere,
  dropVerifications,
  findUserId,
  makePasswordToken,
  ownerOfPasswordToken,
} from '../store/password-links.ts';
import { isAtLeast } from '../store/sign-in-roles.ts';
import { withOrganization } from '../store/tenancy.ts';
import { newPassword } from './account.ts';
import { callAuth } from './auth-call.ts';
import { callerOf, clientAddress } from './client-address.ts';
import type { SignInDeps } from './deps.ts';
import { asId, idParams } from './ids.ts';
import { RESET_HOURS, sendPasswordLink } from './letters.ts';
import { notFound, Problem, problemResponses, tooMany } from './problems.ts';
import { createRouter, jsonAnswer, jsonBody } from './router.ts';
import { iso, time } from './wire.ts';

const ATTEMPTS = { account: { most: 3, windowSeconds: 900 }, address: { most: 20, windowSeconds: 900 } };

const ask = createRoute({
  method: 'post',
  path: '/request-password-reset',
  tags: ['sign-in'],
  summary: 'Have a link for a new password sent; the answer says nothing of whether the address is known',
  request: {
    body: jsonBody(z.strictObject({ email: z.string().min(3).max(320) }).openapi('PasswordResetRequest'), {
      email: 'ann@example.com',
    }),
  },
  responses: {
    200: jsonAnswer(
      'Noted.',
      z.object({ isMailOn: z.boolean().openapi({ description: 'False: ask an admin for a link.' }) }),
    ),
    ...problemResponses(400, 413, 415),
  },
});

const reset = createRoute({
  method: 'post',
  path: '/reset-password',
  tags: ['sign-in'],
  summary: 'A new password by such a link; every session ends',
  request: {
    body: jsonBody(z.strictObject({ token: z.string().min(1).max(200), newPassword }).openapi('PasswordReset'), {
      token: 'kPq3…',
      newPassword: 'staple of the horse',
    }),
  },
  responses: {
    200: jsonAnswer('Changed; sign in with it.', z.object({ ok: z.literal(true) })),
    ...problemResponses(400, 413, 415),
  },
});

const linkFor = createRoute({
  method: 'post',
  path: '/{id}/password-link',
  tags: ['people'],
  summary: 'A link for a new password, for somebody who belongs to this organisation alone',
  request: { params: idParams },
  responses: {
    201: jsonAnswer(
      'To be given to them.',
      z.object({ link: z.string().openapi({ description: 'Shown once.' }), expiresAt: time }).openapi('PasswordLink'),
    ),
    ...problemResponses(),
  },
});

export function passwordReset(deps: SignInDeps) {
  async function makeLink(userId: string): Promise<{ link: string; expiresAt: Date }> {
    const expiresAt = new Date(deps.now().getTime() + RESET_HOURS * 3_600_000);
    const token = await makePasswordToken(deps.auth(), userId, expiresAt);
    return { link: `${deps.config.publicUrl()}/reset-password#${token}`, expiresAt };
  }

  /** Not waited for: how long it takes would tell whether the address is known. */
  async function sendLink(email: string, ip: string | null): Promise<void> {
    const userId = await findUserId(deps.db, email);
    if (userId === null) return;
    const { link } = await makeLink(userId);
    await recordPersonalDeed(deps.db, { userId }, { action: 'password.ask_reset', ip });
    await sendPasswordLink(deps, email.toLowerCase(), link);
  }

  const forAnybody = createRouter()
    .openapi(ask, async (c) => {
      const { email } = c.req.valid('json');
      const ip = clientAddress(c, deps.config.trustedProxies);
      const waits = [
        await countAttempt(deps.db, `reset ${email.toLowerCase()}`, ATTEMPTS.account),
        ip === null ? null : await countAttempt(deps.db, `reset from ${callerOf(ip)}`, ATTEMPTS.address),
      ];
      const wait = Math.max(...waits.map((seconds) => seconds ?? 0));
      if (wait > 0) throw tooMany(wait, 'There were too many requests for a new password.');
      if (deps.mail !== null) {
        sendLink(email, ip).catch((error: Error) =>
          deps.logger.error({ reason: error.message }, 'a link for a new password could not be made'),
        );
      }
      return c.json({ isMailOn: deps.mail !== null }, 200);
    })
    .openapi(reset, async (c) => {
      const body = c.req.valid('json');
      const userId = await ownerOfPasswordToken(deps.auth(), body.token, deps.now());
      if (userId === null) throw notFound();
      await callAuth(deps, c, (headers) => deps.auth().api.resetPassword({ body, headers, returnHeaders: true }));
      await dropVerifications(deps.db, userId);
      const ip = clientAddress(c, deps.config.trustedProxies);
      await recordPersonalDeed(deps.db, { userId }, { action: 'password.reset', ip });
      return c.json({ ok: true as const }, 200);
    });

  const forMembers = createRouter().openapi(linkFor, async (c) => {
    const { organizationId, actor, role } = c.var;
    const userId = asId(c.req.valid('param').id);
    const member = await withOrganization(deps.db, organizationId, (tx) => findMember(tx, userId));
    if (member === null) throw notFound();
    if (!isAtLeast(role, member.role)) throw new Problem('forbidden', 'They have a higher role than yours.');
    // Who may open an account may be everything that it is: also in organisations where they are nobody.
    if (role !== 'super_admin' && (await belongsElsewhere(deps.db, userId, organizationId)))
      throw new Problem('forbidden', 'They belong to other organisations too: only mail to themselves may open that.');
    const { link, expiresAt } = await makeLink(userId);
    const deed = { action: 'user.password_link', targetType: 'user', targetId: userId, after: { email: member.email } };
    await withOrganization(deps.db, organizationId, (tx) => recordDeed(tx, organizationId, actor, deed));
    return c.json({ link, expiresAt: iso(expiresAt) }, 201);
  });

  return { forAnybody, forMembers };
}

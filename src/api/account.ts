// What a person changes about their own sign-in: the password, and the second factor.
import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { countAttempt, forgetAttempt } from '../store/attempts.ts';
import { recordPersonalDeed } from '../store/audit.ts';
import { LONGEST_PASSWORD, SHORTEST_PASSWORD } from '../store/auth.ts';
import { callAuth } from './auth-call.ts';
import type { ApiEnv, SignInDeps } from './deps.ts';
import { problemResponses, tooMany } from './problems.ts';
import { createRouter, jsonAnswer, jsonBody } from './router.ts';
import { personOf } from './sessions.ts';

const tags = ['sign-in'];
/** Who holds a session for a moment must not find the password out. */
const ATTEMPTS = { most: 10, windowSeconds: 900 };

const held = z.string().min(1).max(LONGEST_PASSWORD);
export const newPassword = z
  .string()
  .min(SHORTEST_PASSWORD, `must have at least ${SHORTEST_PASSWORD} characters`)
  .max(LONGEST_PASSWORD, `must have at most ${LONGEST_PASSWORD} characters`);
const ok = jsonAnswer('Done.', z.object({ ok: z.literal(true) }));
const backupCodes = z.array(z.string()).openapi({ description: 'Each opens once, without the app. Shown once.' });
const example = { password: 'correct horse battery' };
const passwordBody = jsonBody(z.strictObject({ password: held }).openapi('OwnPassword'), example);

const changePassword = createRoute({
  method: 'post',
  path: '/change-password',
  tags,
  summary: 'Another password; all other sessions end',
  request: {
    body: jsonBody(z.strictObject({ password: held, newPassword }).openapi('PasswordChange'), {
      ...example,
      newPassword: 'staple of the horse',
    }),
  },
  responses: { 200: ok, ...problemResponses(400, 413, 415) },
});

const enable = createRoute({
  method: 'post',
  path: '/two-factor/enable',
  tags,
  summary: 'Begin with two-factor sign-in; on only when its first code has come',
  request: { body: passwordBody },
  responses: {
    200: jsonAnswer(
      'For the authenticator app.',
      z.object({ totpUri: z.string().openapi({ example: 'otpauth://totp/…' }), backupCodes }).openapi('TwoFactorBegun'),
    ),
    ...problemResponses(400, 413, 415),
  },
});

const confirm = createRoute({
  method: 'post',
  path: '/two-factor/confirm',
  tags,
  summary: 'The first code of the app: two-factor sign-in is on',
  request: {
    body: jsonBody(z.strictObject({ code: z.string().min(1).max(50) }).openapi('TwoFactorCode'), { code: '123456' }),
  },
  responses: { 200: ok, ...problemResponses(400, 413, 415) },
});

const disable = createRoute({
  method: 'post',
  path: '/two-factor/disable',
  tags,
  summary: 'The password alone opens again',
  request: { body: passwordBody },
  responses: { 200: ok, ...problemResponses(400, 413, 415) },
});

const renewCodes = createRoute({
  method: 'post',
  path: '/two-factor/generate-backup-codes',
  tags,
  summary: 'New backup codes; the old ones open nothing any more',
  request: { body: passwordBody },
  responses: {
    200: jsonAnswer('They.', z.object({ backupCodes }).openapi('BackupCodes')),
    ...problemResponses(400, 413, 415),
  },
});

export function account(deps: SignInDeps) {
  const api = () => deps.auth().api;

  /** What a person does with their own account: counted while it fails, written down when it is done. */
  async function own<T>(
    c: Context<ApiEnv>,
    action: string | null,
    call: (headers: Headers) => Promise<{ headers: Headers; response: T }>,
  ): Promise<T> {
    const { userId } = personOf(c.var.identity);
    const wait = await countAttempt(deps.db, `own ${userId}`, ATTEMPTS);
    if (wait !== null) throw tooMany(wait, 'There were too many attempts.');
    const response = await callAuth(deps, c, call);
    await forgetAttempt(deps.db, `own ${userId}`);
    if (action !== null) await recordPersonalDeed(deps.db, { userId }, { action, ip: c.var.actor.ip });
    return response;
  }

  return createRouter()
    .openapi(changePassword, async (c) => {
      const { password: currentPassword, newPassword } = c.req.valid('json');
      const body = { currentPassword, newPassword, revokeOtherSessions: true };
      await own(c, 'password.change', (headers) => api().changePassword({ body, headers, returnHeaders: true }));
      return c.json({ ok: true as const }, 200);
    })
    .openapi(enable, async (c) => {
      const body = c.req.valid('json');
      const begun = await own(c, null, (headers) => api().enableTwoFactor({ body, headers, returnHeaders: true }));
      if (begun.method !== 'totp') throw new Error('another second factor than asked for');
      return c.json({ totpUri: begun.totpURI, backupCodes: begun.backupCodes }, 200);
    })
    .openapi(confirm, async (c) => {
      const body = c.req.valid('json');
      await own(c, 'two_factor.enable', (headers) => api().verifyTOTP({ body, headers, returnHeaders: true }));
      return c.json({ ok: true as const }, 200);
    })
    .openapi(disable, async (c) => {
      const body = c.req.valid('json');
      await own(c, 'two_factor.disable', (headers) => api().disableTwoFactor({ body, headers, returnHeaders: true }));
      return c.json({ ok: true as const }, 200);
    })
    .openapi(renewCodes, async (c) => {
      const body = c.req.valid('json');
      const made = await own(c, 'two_factor.renew_codes', (headers) =>
        api().generateBackupCodes({ body, headers, returnHeaders: true }),
      );
      return c.json({ backupCodes: made.backupCodes }, 200);
    });
}

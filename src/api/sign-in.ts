// Signing in and out: e-mail address and password, then a code where the person has turned that on.
import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { countAttempt, forgetAttempt } from '../store/attempts.ts';
import { recordPersonalDeed } from '../store/audit.ts';
import { LONGEST_PASSWORD } from '../store/auth.ts';
import { authHeaders, callAuth } from './auth-call.ts';
import { callerOf, clientAddress } from './client-address.ts';
import type { ApiEnv, SignInDeps } from './deps.ts';
import { Problem, problemResponses, tooMany } from './problems.ts';
import { createRouter, jsonAnswer, jsonBody } from './router.ts';

const tags = ['sign-in'];
/** One account from everywhere, one address for every account; what succeeds does not count. */
const ATTEMPTS = {
  account: { most: 10, windowSeconds: 900 },
  address: { most: 50, windowSeconds: 900 },
};

const signInSchema = z
  .strictObject({
    email: z.string().min(3).max(320),
    password: z.string().min(1).max(LONGEST_PASSWORD),
    rememberMe: z.boolean().default(true).openapi({ description: 'False: the session ends with the browser.' }),
  })
  .openapi('SignIn', { example: { email: 'ann@example.com', password: 'correct horse battery', rememberMe: true } });

const signInRoute = createRoute({
  method: 'post',
  path: '/sign-in/email',
  tags,
  summary: 'Sign in; the session is in a cookie',
  request: { body: jsonBody(signInSchema) },
  responses: {
    200: jsonAnswer('Signed in, or asked for a code.', z.object({ isCodeNeeded: z.boolean() }).openapi('SignedIn')),
    ...problemResponses(400, 413, 415),
  },
});

const codeSchema = z
  .strictObject({
    code: z.string().min(1).max(50),
    trustDevice: z.boolean().default(false).openapi({ description: 'No code is asked for here for 30 days.' }),
  })
  .openapi('SignInCode', { example: { code: '123456', trustDevice: false } });

const codeRoute = (path: '/two-factor/verify-totp' | '/two-factor/verify-backup-code', summary: string) =>
  createRoute({
    method: 'post',
    path,
    tags,
    summary,
    request: { body: jsonBody(codeSchema) },
    responses: {
      200: jsonAnswer('Signed in.', z.object({ isCodeNeeded: z.literal(false) })),
      ...problemResponses(400, 413, 415),
    },
  });

const signOutRoute = createRoute({
  method: 'post',
  path: '/sign-out',
  tags,
  summary: 'End the session of this browser',
  responses: { 200: jsonAnswer('Ended.', z.object({ ok: z.literal(true) })), ...problemResponses() },
});

export function signIn(deps: SignInDeps) {
  const addressOf = (c: Context<ApiEnv>) => clientAddress(c, deps.config.trustedProxies);

  async function countAll(subjects: readonly { name: string; kind: keyof typeof ATTEMPTS }[]): Promise<void> {
    const waits = await Promise.all(subjects.map(({ name, kind }) => countAttempt(deps.db, name, ATTEMPTS[kind])));
    const wait = Math.max(...waits.map((seconds) => seconds ?? 0));
    if (wait > 0) throw tooMany(wait, 'There were too many attempts to sign in.');
  }

  return createRouter()
    .openapi(signInRoute, async (c) => {
      const body = c.req.valid('json');
      const ip = addressOf(c);
      const subjects = [
        { name: `account ${body.email.toLowerCase()}`, kind: 'account' as const },
        ...(ip === null ? [] : [{ name: `address ${callerOf(ip)}`, kind: 'address' as const }]),
      ];
      await countAll(subjects);
      try {
        const answer = await callAuth(deps, c, (headers) =>
          deps.auth().api.signInByPassword({ body, headers, returnHeaders: true }),
        );
        await Promise.all(subjects.map(({ name }) => forgetAttempt(deps.db, name)));
        const isCodeNeeded = !('userId' in answer);
        if (!isCodeNeeded) await recordPersonalDeed(deps.db, body, { action: 'sign_in', ip });
        return c.json({ isCodeNeeded }, 200);
      } catch (error) {
        if (error instanceof Problem) await recordPersonalDeed(deps.db, body, { action: 'sign_in.failed', ip });
        throw error;
      }
    })
    .openapi(codeRoute('/two-factor/verify-totp', 'The code of the authenticator app, as the second factor'), (c) =>
      signInByCode(c, c.req.valid('json'), 'verifyTOTP'),
    )
    .openapi(codeRoute('/two-factor/verify-backup-code', 'A backup code instead; each works once'), (c) =>
      signInByCode(c, c.req.valid('json'), 'verifyBackupCode'),
    )
    .openapi(signOutRoute, async (c) => {
      const session = await callAuth(deps, c, async (headers) => {
        const { response } = await deps.auth().api.getSession({ headers, returnHeaders: true });
        const { headers: cookies } = await deps.auth().api.signOut({ headers, returnHeaders: true });
        return { headers: cookies, response };
      });
      const deed = { action: 'sign_out', ip: addressOf(c) };
      if (session !== null) await recordPersonalDeed(deps.db, { userId: session.user.id }, deed);
      return c.json({ ok: true as const }, 200);
    });

  async function signInByCode(
    c: Context<ApiEnv>,
    body: z.output<typeof codeSchema>,
    method: 'verifyTOTP' | 'verifyBackupCode',
  ) {
    const ip = addressOf(c);
    const subject = ip === null ? null : `address ${callerOf(ip)}`;
    if (subject !== null) await countAll([{ name: subject, kind: 'address' }]);
    // Asked first: the last wrong code ends what tells whose it is.
    const userId = await deps.auth().api.whoOwesCode({ headers: authHeaders(deps, c) });
    const { user } = await callAuth(deps, c, (headers) =>
      deps.auth().api[method]({ body, headers, returnHeaders: true }),
    ).catch(async (error: unknown) => {
      if (error instanceof Problem && userId !== null)
        await recordPersonalDeed(deps.db, { userId }, { action: 'sign_in.failed', ip });
      throw error;
    });
    if (subject !== null) await forgetAttempt(deps.db, subject);
    if (user !== undefined) await recordPersonalDeed(deps.db, { userId: user.id }, { action: 'sign_in', ip });
    return c.json({ isCodeNeeded: false as const }, 200);
  }
}

// Sign-in by better-auth, over our own pool: what it may do, how long a session lives, and what its cookie is like.
import { betterAuth } from 'better-auth';
import { APIError, createAuthEndpoint } from 'better-auth/api';
import { setSessionCookie } from 'better-auth/cookies';
import { organization, twoFactor } from 'better-auth/plugins';
import { z } from 'zod';
import type { Db } from './db.ts';

const DAY_SECONDS = 86_400;
export const SHORTEST_PASSWORD = 8;
export const LONGEST_PASSWORD = 128;
/** The two-factor plugin's, between the password and the code. */
const CODE_COOKIE = 'two_factor';
/** The header in which better-auth is told the client's address; the API sets it, whatever a client sends. */
export const ADDRESS_HEADER = 'x-tracker-hub-address';

export interface AuthOptions {
  secret: string;
  /** Where people reach the dashboard. */
  publicUrl: string;
  /** Told what better-auth could not do; never with what it was given. */
  onError(message: string): void;
}

export type Auth = ReturnType<typeof createAuth>;

export function createAuth(db: Db, { secret, publicUrl, onError }: AuthOptions) {
  const { protocol, port } = new URL(publicUrl);
  return betterAuth({
    appName: 'Tracker Hub',
    baseURL: publicUrl,
    secret,
    database: { db, type: 'postgres', schemaName: 'auth', transaction: true },
    // Who signs in is invited; nobody signs up.
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: SHORTEST_PASSWORD,
      maxPasswordLength: LONGEST_PASSWORD,
      revokeSessionsOnPasswordReset: true,
    },
    user: { additionalFields: { isSuperAdmin: { type: 'boolean', defaultValue: false, input: false } } },
    session: { expiresIn: 7 * DAY_SECONDS, updateAge: DAY_SECONDS },
    // Links, codes and trusted browsers are kept as hashes.
    verification: { storeIdentifier: 'hashed' },
    // Attempts are counted by us, in one statement, and every change is checked for its origin before it comes here.
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { level: 'error', log: (level, message) => level === 'error' && onError(message) },
    advanced: {
      database: { generateId: 'uuid' },
      useSecureCookies: protocol === 'https:',
      // Cookies do not know ports: two hubs on one machine must not take each other's.
      cookiePrefix: port === '' ? 'tracker-hub' : `tracker-hub-${port}`,
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER] },
    },
    plugins: [organization(), twoFactor({ issuer: 'Tracker Hub' }), passwordSignIn],
  });
}

/**
 * As better-auth's own sign-in by e-mail, which refuses addresses without a dot, as `admin@localhost` is one. The path
 * is one of those after which the two-factor plugin asks for its code.
 */
const passwordSignIn = {
  id: 'password-sign-in',
  endpoints: {
    signInByPassword: createAuthEndpoint(
      '/sign-in/username',
      { method: 'POST', body: z.object({ email: z.string(), password: z.string(), rememberMe: z.boolean() }) },
      async (ctx) => {
        const { email, password, rememberMe } = ctx.body;
        const { internalAdapter, password: passwords } = ctx.context;
        const found = await internalAdapter.findUserByEmail(email.toLowerCase(), { includeAccounts: true });
        const hash = found?.accounts.find(({ providerId }) => providerId === 'credential')?.password;
        // A wrong address takes as long as a wrong password, and is answered alike.
        if (!found || !hash) await passwords.hash(password);
        if (!found || !hash || !(await passwords.verify({ hash, password }))) {
          throw new APIError('UNAUTHORIZED', { code: 'INVALID_EMAIL_OR_PASSWORD' });
        }
        const session = await internalAdapter.createSession(found.user.id, !rememberMe);
        await setSessionCookie(ctx, { session, user: found.user }, !rememberMe);
        return ctx.json({ userId: found.user.id });
      },
    ),
    /** The user whose password was right and whose code is still to come; null where there is none. */
    whoOwesCode: createAuthEndpoint.serverOnly({ method: 'GET', requireHeaders: true }, async (ctx) => {
      const { createAuthCookie, secret, internalAdapter } = ctx.context;
      const token = await ctx.getSignedCookie(createAuthCookie(CODE_COOKIE).name, secret);
      return token ? ((await internalAdapter.findVerificationValue(token))?.value ?? null) : null;
    }),
  },
};

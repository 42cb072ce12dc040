// A person at a browser: an account with memberships, and calls that carry its cookies and say where they come from.
import { hashPassword } from 'better-auth/crypto';
import { sql } from 'kysely';
import type { Db } from '../../src/store/db.ts';
import type { Role } from '../../src/store/sign-in-roles.ts';
import { type Answer, type Asked, type Harness, PUBLIC_URL } from './harness.ts';

export const PASSWORD = 'correct horse battery';

/** @returns the user's id */
export async function makePerson(
  db: Db,
  email: string,
  { roles = {}, isSuperAdmin = false }: { roles?: Record<string, Role>; isSuperAdmin?: boolean } = {},
): Promise<string> {
  const hash = await hashPassword(PASSWORD);
  const { rows } = await sql<{ id: string }>`
    with made as (
      insert into auth."user" ("name", "email", "emailVerified", "isSuperAdmin")
      values (${email.split('@')[0]}, ${email}, true, ${isSuperAdmin}) returning "id"
    ), account as (
      insert into auth."account" ("accountId", "providerId", "userId", "password", "updatedAt")
      select "id"::text, 'credential', "id", ${hash}, now() from made
    ) select "id" from made`.execute(db);
  const userId = rows[0]!.id;
  for (const [organizationId, role] of Object.entries(roles)) await join(db, organizationId, userId, role);
  return userId;
}

export async function join(db: Db, organizationId: string, userId: string, role: Role): Promise<void> {
  await sql`insert into auth."member" ("organizationId", "userId", "role", "createdAt")
    values (${organizationId}::uuid, ${userId}::uuid, ${role}, clock_timestamp())`.execute(db);
}

export interface Browser {
  cookies: Map<string, string>;
  /** As a page of ours asks. */
  ask(method: string, path: string, asked?: Omit<Asked, 'key'>): Promise<Answer>;
  signIn(email: string, password?: string): Promise<Answer>;
}

export function openBrowser(api: Harness, origin = PUBLIC_URL): Browser {
  const cookies = new Map<string, string>();
  const ask: Browser['ask'] = async (method, path, { headers, ...asked } = {}) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await api.ask(method, path, {
      ...asked,
      key: null,
      headers: {
        origin,
        'sec-fetch-site': 'same-origin',
        ...(cookie === '' ? {} : { cookie }),
        ...headers,
      },
    });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '' || /max-age=0/i.test(line)) cookies.delete(name);
      else cookies.set(name, value);
    }
    return answer;
  };
  return {
    cookies,
    ask,
    signIn: (email, password = PASSWORD) => ask('POST', '/api/v1/auth/sign-in/email', { body: { email, password } }),
  };
}

// Logins and the tokens they give: alive for four hours of the ledger's clock, dead at once where the key is changed.
import { randomBytes } from 'node:crypto';
import type { Ledger } from '../../ledger/ledger.ts';
import type { FaceContext, FaceRequest } from '../face.ts';
import { Refusal } from './answers.ts';

/** What the ledger's key goes with: it is the access key of this id, and the password of this address. */
export const ACCESS_ID = 'a1b2c3d4-access-id';
export const EMAIL = 'owner@example.com';

export interface Issued {
  apiKey: string;
  expiresAtMs: number;
  by: 'email' | 'accessKey';
}

const issued = new WeakMap<Ledger, Map<string, Issued>>();

/** @throws Refusal 401 for other credentials, and for the right ones at another path */
export function logIn(
  path: string,
  request: FaceRequest,
  context: FaceContext,
): { token: string; expiresAtMs: number } {
  const { ledger, apiKey, options } = context;
  const given = bodyOf(request);
  const isEmail = given.email === EMAIL && given.password === apiKey;
  const isAccessKey = given.accessId === ACCESS_ID && given.accessKey === apiKey;
  const emailPath = options.voluum.emailLogin === 'session' ? '/auth/session' : '/auth/access/session';
  const isHere = isEmail ? path === emailPath : isAccessKey && path === '/auth/access/session';
  if (!isHere) throw new Refusal(401, 'BAD_CREDENTIALS');
  const token = `${options.voluum.tokenPrefix}${randomBytes(16).toString('hex')}`;
  const expiresAtMs = ledger.clock.nowMs() + options.voluum.tokenLifeMs;
  const tokens = issued.get(ledger) ?? new Map<string, Issued>();
  issued.set(ledger, tokens.set(token, { apiKey, expiresAtMs, by: isEmail ? 'email' : 'accessKey' }));
  return { token, expiresAtMs };
}

function bodyOf({ body }: FaceRequest): Record<string, unknown> {
  try {
    const given: unknown = JSON.parse(body.toString('utf8'));
    return typeof given === 'object' && given !== null ? (given as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

export const tokenOf = ({ headers }: FaceRequest): string => {
  const given = headers['cwauth-token'];
  return typeof given === 'string' ? given : '';
};

/** Null for a token that is dead, or was never alive. */
export function aliveToken(request: FaceRequest, { ledger, apiKey }: FaceContext): Issued | null {
  const found = issued.get(ledger)?.get(tokenOf(request));
  return found !== undefined && found.apiKey === apiKey && found.expiresAtMs > ledger.clock.nowMs() ? found : null;
}

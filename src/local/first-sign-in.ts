// How the first person gets in: what ADMIN_* leaves open is generated once and kept in a file only its owner can read.
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { readIfThere, writePrivateFile } from './private-files.ts';

export type GivenSignIn = { email: string; password: string | null; apiKey: string | null };

export type FirstSignIn = {
  email: string;
  password: string;
  apiKey: string;
  /** Where generated values are kept; null when all of them were given. */
  file: string | null;
  /** True only when something was generated just now: the one time to print it. */
  isNew: boolean;
};

const FILE = 'first-sign-in.txt';
const ELSEWHERE = '(the one given in the environment)';

/** The first user's e-mail, password and API key: given ones win, the rest is generated once (mode 0600). */
export function firstSignIn(dataDir: string, given: GivenSignIn): FirstSignIn {
  const { email } = given;
  if (given.password !== null && given.apiKey !== null) {
    return { email, password: given.password, apiKey: given.apiKey, file: null, isNew: false };
  }
  const file = join(dataDir, FILE);
  const kept = readKept(file);
  const password = given.password ?? kept.password ?? randomBytes(15).toString('base64url');
  const apiKey = given.apiKey ?? kept.apiKey ?? `thub_${randomBytes(32).toString('base64url')}`;
  const isNew = (given.password ?? kept.password) === null || (given.apiKey ?? kept.apiKey) === null;
  if (isNew) {
    // What the environment gives is kept there, and only there.
    const lines = [
      'Tracker Hub: the first sign-in. It is used when there is no user yet; change the password afterwards.',
      `email: ${email}`,
      `password: ${given.password === null ? password : ELSEWHERE}`,
      `API key: ${given.apiKey === null ? apiKey : ELSEWHERE}`,
    ];
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    writePrivateFile(file, `${lines.join('\n')}\n`);
  }
  return { email, password, apiKey, file, isNew };
}

function readKept(file: string): { password: string | null; apiKey: string | null } {
  const text = readIfThere(file) ?? '';
  const value = (name: string) => {
    const found = new RegExp(`^${name}: (.+)$`, 'm').exec(text)?.[1]?.trim();
    return found === undefined || found === ELSEWHERE ? null : found;
  };
  return { password: value('password'), apiKey: value('API key') };
}

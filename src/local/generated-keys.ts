// The keys of an embedded installation: made once, kept in the data folder, the same ones at every start.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { keepSecret } from './private-files.ts';

/** What the environment has to say where it does not say it by itself; files are mode 0600. */
export function generatedKeys(dataDir: string, env: NodeJS.ProcessEnv): Record<string, string> {
  const keep = (name: string, file: string, encoding: 'base64' | 'base64url') =>
    env[name] || keepSecret(join(dataDir, file), () => randomBytes(32).toString(encoding));
  return {
    TRACKER_ENCRYPTION_KEY: keep('TRACKER_ENCRYPTION_KEY', 'encryption-key', 'base64'),
    AUTH_SECRET: keep('AUTH_SECRET', 'auth-secret', 'base64url'),
  };
}

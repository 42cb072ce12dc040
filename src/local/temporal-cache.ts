// Where a fetched or built Temporal program is kept: the user's cache folder, shared by all instances and clones.
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The last version whose module `go install` accepts: later tags carry replace directives. */
export const TEMPORAL_VERSION = 'v1.5.1';

/** The program's path in the cache, whether or not it is there. */
export function cachedTemporal(env: NodeJS.ProcessEnv): string {
  const name = process.platform === 'win32' ? 'temporal.exe' : 'temporal';
  return join(cacheFolder(env), 'tracker-hub', `temporal-${TEMPORAL_VERSION.slice(1)}`, name);
}

function cacheFolder(env: NodeJS.ProcessEnv): string {
  if (env.XDG_CACHE_HOME) return env.XDG_CACHE_HOME;
  const home = env.HOME || homedir();
  if (process.platform === 'darwin') return join(home, 'Library', 'Caches');
  if (process.platform === 'win32') return env.LOCALAPPDATA || join(home, 'AppData', 'Local');
  return join(home, '.cache');
}

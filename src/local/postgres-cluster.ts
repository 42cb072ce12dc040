// The folder of an embedded PostgreSQL: where it lies, how it is made, with which settings it runs.
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PostgresBinaries } from './postgres-binaries.ts';
import { canReach, giveTo, makeFolderOf, type SystemUser } from './postgres-user.ts';
import { keepSecret, readIfThere } from './private-files.ts';
import { runCommand } from './run-command.ts';
import { StartError } from './start-error.ts';
import { SYSTEM_FOLDER, systemFolderFor } from './system-folder.ts';

export const SUPERUSER = 'postgres';

export type PostgresCluster = {
  /** PostgreSQL's own data folder. */
  data: string;
  logFile: string;
  password: string;
};

/** Sized for a laptop that does other things too; commits stay durable. */
const LAPTOP_SETTINGS: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  // No unix socket: its path would have to be short and outside of the data folder.
  unix_socket_directories: '',
  max_connections: '100',
  shared_buffers: '256MB',
  max_wal_size: '2GB',
  wal_compression: 'on',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_min_messages: 'warning',
  log_checkpoints: 'off',
  password_encryption: 'scram-sha-256',
};

const SETTINGS_FILE = 'tracker-hub.conf';

/**
 * Finds the cluster that belongs to this data folder, or makes it. As root it lies under /var/lib/tracker-hub when
 * PostgreSQL's user cannot reach `dataDir`, and `say` tells so.
 */
export async function openCluster(
  dataDir: string,
  binaries: PostgresBinaries,
  user: SystemUser | null,
  say: (line: string) => void,
): Promise<PostgresCluster> {
  const home = clusterHome(dataDir, user, say);
  const passwordFile = join(dataDir, 'postgres-password');
  const data = join(home, 'data');
  if (existsSync(data) && readIfThere(passwordFile) === null) setAside(data, passwordFile, say);
  const password = keepSecret(passwordFile, () => randomBytes(24).toString('hex'));
  if (!existsSync(data)) {
    say('Making the PostgreSQL data folder …');
    await initialise(home, data, password, binaries, user);
  }
  return { data, logFile: join(home, 'postgres.log'), password };
}

/** Writes the settings of the next start; `extra` wins over the laptop's. */
export function writeSettings(
  cluster: PostgresCluster,
  port: number,
  extra: Record<string, string>,
  user: SystemUser | null,
): void {
  const settings = { ...LAPTOP_SETTINGS, port: String(port), ...extra };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'`);
  const file = join(cluster.data, SETTINGS_FILE);
  writeFileSync(file, `# Written anew at every start.\n${lines.join('\n')}\n`, { mode: 0o600 });
  giveTo(user, file);
}

function clusterHome(dataDir: string, user: SystemUser | null, say: (line: string) => void): string {
  if (user !== null) {
    // Root's private folder would shut PostgreSQL's user out: its group may pass through, and see nothing.
    chownSync(dataDir, 0, user.gid);
    chmodSync(dataDir, 0o710);
  }
  if (canReach(user, dataDir)) {
    const home = join(dataDir, 'postgres');
    makeFolderOf(user, home);
    return home;
  }
  chmodSync(dataDir, 0o700);
  mkdirSync(SYSTEM_FOLDER, { recursive: true, mode: 0o755 });
  const home = systemFolderFor(dataDir);
  makeFolderOf(user, home);
  say(`PostgreSQL keeps its data in ${home}, because its user cannot reach ${dataDir}.`);
  return home;
}

/** A cluster whose password is gone belongs to a DATA_DIR that was deleted, and with it the key to its secrets. */
function setAside(data: string, passwordFile: string, say: (line: string) => void): void {
  const aside = `${data}.without-password-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`;
  renameSync(data, aside);
  say(`${passwordFile} is gone, so the old database cannot be opened: it was moved to ${aside}, a new one is made.`);
}

async function initialise(
  home: string,
  data: string,
  password: string,
  binaries: PostgresBinaries,
  user: SystemUser | null,
): Promise<void> {
  // What an interrupted attempt left is never taken for a database: only the finished one gets the name.
  for (const name of readdirSync(home)) {
    if (name.startsWith('new-')) rmSync(join(home, name), { recursive: true, force: true });
  }
  const attempt = join(home, `new-${randomBytes(4).toString('hex')}`);
  makeFolderOf(user, attempt);
  const passwordFile = join(attempt, 'password');
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  giveTo(user, passwordFile);
  const made = join(attempt, 'data');
  const result = await runCommand(
    binaries.initdb,
    [
      `--pgdata=${made}`,
      `--username=${SUPERUSER}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      // PostgreSQL's own C.UTF-8: the same order of text on every machine, whatever locales it has.
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--locale=C',
    ],
    { cwd: attempt, env: { PATH: process.env.PATH, TZ: 'UTC' }, user },
  );
  if (result.code !== 0)
    throw new StartError(`PostgreSQL's data folder could not be made in ${home}:\n${result.output}`);
  const main = join(made, 'postgresql.conf');
  writeFileSync(main, `\ninclude_if_exists = '${SETTINGS_FILE}'\n`, { flag: 'a' });
  renameSync(made, data);
  rmSync(attempt, { recursive: true, force: true });
}

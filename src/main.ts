// The command line: which program to be.
import { fileURLToPath } from 'node:url';
import { ConfigError, loadConfig, requireFor } from './config.ts';
import type { Running } from './local/start.ts';
import { StartError } from './local/start-error.ts';

const USAGE = `Usage: node src/main.ts <command>

  start     everything on this machine: PostgreSQL, Temporal, API, worker
  demo      the same with simulated trackers connected (--check: compare and end)
  server    the API and the dashboard
  worker    a worker; as many as you like
  migrate   bring the database to the newest schema
  dashboard build the dashboard, where it is missing or outdated; start, demo and server do so by themselves
  analyst   a login for SQL, which reads one organisation: analyst [organisation] [--close]

The variables that it reads are explained in .env.example.
`;

/** Each command resolves with its exit code. Imports are lazy: a worker does not load the API, nor a server the rest. */
const COMMANDS: Record<string, (argv: string[]) => Promise<number>> = {
  start: () => startWith(process.env),

  async demo(argv) {
    const { runDemo } = await import('./local/demo.ts');
    const env = { TRACKER_ALLOWED_NETWORKS: '127.0.0.0/8', ...process.env };
    return startWith(env, (running) => runDemo({ ...running, argv }));
  },

  async server() {
    const config = loadConfig(process.env);
    requireFor('server', config);
    const { ensureDashboard } = await import('./local/dashboard-build.ts');
    await ensureDashboard();
    const { runUntilTold } = await import('./local/run-until-told.ts');
    return runUntilTold(async () => (await import('./server.ts')).startServer(config));
  },

  async worker() {
    const config = loadConfig(process.env);
    requireFor('worker', config);
    const { runUntilTold } = await import('./local/run-until-told.ts');
    return runUntilTold(async () => (await import('./worker.ts')).startWorker(config));
  },

  async migrate() {
    const config = loadConfig(process.env);
    requireFor('migrate', config);
    const { applied } = await migrate(config.databaseUrl);
    console.log(applied.length === 0 ? 'The database is up to date.' : `Applied: ${applied.join(', ')}`);
    return 0;
  },

  async dashboard() {
    const { ensureDashboard } = await import('./local/dashboard-build.ts');
    return (await ensureDashboard()) === null ? 1 : 0;
  },

  async analyst(argv) {
    const config = loadConfig(process.env);
    const { embeddedDatabaseUrl } = await import('./local/running-postgres.ts');
    const databaseUrl = config.databaseUrl ?? embeddedDatabaseUrl(config.dataDir);
    if (databaseUrl === null) throw new StartError('Start the hub first, or name its database in DATABASE_URL.');
    const { runAnalyst } = await import('./analyst.ts');
    return runAnalyst(databaseUrl, argv);
  },
};

async function startWith(
  env: NodeJS.ProcessEnv,
  whenRunning?: (running: Running) => Promise<number | null>,
): Promise<number> {
  const { start } = await import('./local/start.ts');
  const { ensureDashboard } = await import('./local/dashboard-build.ts');
  await ensureDashboard();
  return start({ env, main: fileURLToPath(import.meta.url), migrate, whenRunning });
}

/** @throws StartError: a database that is away or refuses is for a person to mend, not a defect */
async function migrate(databaseUrl: string): Promise<{ applied: string[] }> {
  const { migrateToLatest } = await import('./store/migrate.ts');
  try {
    return await migrateToLatest(databaseUrl);
  } catch (error) {
    throw new StartError(reasonOf(error), { cause: error });
  }
}

/** A failed connection to a name with several addresses has an empty message, and carries its reasons inside. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ');
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof AggregateError ? `${error.message}${reasonOf(error.cause)}` : error.message;
}

async function main([name = '', ...argv]: string[]): Promise<number> {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    process.stderr.write(name === '' ? USAGE : `Unknown command: ${name}\n\n${USAGE}`);
    return 2;
  }
  return command(argv);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  // A person can act on the message of an expected error; of a defect the stack is what helps.
  const isForPeople = error instanceof ConfigError || error instanceof StartError;
  process.stderr.write(`${error instanceof Error ? (isForPeople ? error.message : error.stack) : String(error)}\n`);
  process.exitCode = 1;
}
// Native libraries may keep timers and sockets; everything that must end in order has ended.
process.exit();

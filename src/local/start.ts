// The one-command start: embedded servers, migration, API and workers, kept alive until told to stop.
import { resolve } from 'node:path';
import { loadConfig, requireFor } from '../config.ts';
import { type Child, endOrphan, startChild } from './child.ts';
import { type EmbeddedServers, startEmbedded } from './embedded.ts';
import { type FirstSignIn, firstSignIn } from './first-sign-in.ts';
import { generatedKeys } from './generated-keys.ts';
import { freePort, isPortFree } from './ports.ts';
import { makePrivateFolder } from './private-files.ts';
import { outliveTerminal, say, step } from './say.ts';
import { StartError } from './start-error.ts';
import { lockDataDir } from './start-lock.ts';
import { listenForStop, type StopOrders } from './stop-signals.ts';

/** What is known once everything runs. */
export type Running = {
  apiUrl: string;
  apiKey: string;
  /** Holds the password: never to be logged. */
  databaseUrl: string;
  dataDir: string;
  /** Null where the environment gives it. */
  signInFile: string | null;
  stopSignal: AbortSignal;
};

export type StartOptions = {
  env: NodeJS.ProcessEnv;
  /** The program that knows the commands `server` and `worker`. */
  main: string;
  migrate(databaseUrl: string): Promise<{ applied: string[] }>;
  /** Called when everything runs; a number ends the start with that exit code, null lets it run on. */
  whenRunning?(running: Running): Promise<number | null>;
};

// Together with PostgreSQL's and Temporal's own five seconds at most 20.
const CHILDREN = [
  { name: 'server', stopPatienceMs: 3_000 },
  { name: 'worker', stopPatienceMs: 6_000 },
] as const;

/**
 * Starts everything, prints where it is, and runs until a signal.
 * @returns the exit code
 * @throws ConfigError, DataDirTakenError, or an Error for people, after everything has been stopped again
 */
export async function start(options: StartOptions): Promise<number> {
  const config = loadConfig(options.env);
  if (config.databaseUrl !== null) requireFor('startWithDatabase', config);
  outliveTerminal();
  const dataDir = resolve(config.dataDir);
  makePrivateFolder(dataDir);
  const lock = lockDataDir(dataDir);
  const orders = listenForStop(say);
  const parts: Parts = { children: [], embedded: null };
  orders.hurry.addEventListener('abort', () => void stopAll(parts, true));
  try {
    return await run(options, dataDir, orders, parts);
  } catch (error) {
    if (orders.stop.aborted) return 0;
    throw error;
  } finally {
    await stopAll(parts, orders.hurry.aborted);
    lock.release();
    if (orders.stop.aborted) say('Stopped.');
  }
}

/** What has been started so far, in the order in which it is stopped. */
type Parts = { children: Child[]; embedded: EmbeddedServers | null };

async function run(options: StartOptions, dataDir: string, orders: StopOrders, parts: Parts): Promise<number> {
  const { env } = options;
  const config = loadConfig(env);
  for (const child of CHILDREN) await endOrphan({ ...child, dataDir });
  if (config.port !== 0 && !(await isPortFree(config.port))) {
    throw new StartError(`Port ${config.port} is taken by another program. Choose another one with PORT.`);
  }
  const port = config.port === 0 ? await freePort() : config.port;

  parts.embedded = await startEmbedded({ config, dataDir, env, say, signal: orders.stop });
  orders.stop.throwIfAborted();
  const { databaseUrl, temporalAddress, temporalUiUrl } = parts.embedded;
  const { applied } = await step('Migrating the database', 'The database is up to date', () =>
    options.migrate(databaseUrl),
  );
  if (applied.length > 0) say(`Database: ${applied.length} migration${applied.length === 1 ? '' : 's'} applied.`);
  orders.stop.throwIfAborted();

  const signIn = firstSignIn(dataDir, config.admin);
  const publicUrl = config.publicUrl ?? `http://localhost:${port}`;
  const childEnv: NodeJS.ProcessEnv = {
    ...env,
    ...generatedKeys(dataDir, env),
    PORT: String(port),
    PUBLIC_URL: publicUrl,
    DATA_DIR: dataDir,
    DATABASE_URL: databaseUrl,
    TEMPORAL_ADDRESS: temporalAddress,
    ...(temporalUiUrl === null ? {} : { TEMPORAL_UI_URL: temporalUiUrl }),
    ADMIN_EMAIL: signIn.email,
    ADMIN_PASSWORD: signIn.password,
    ADMIN_API_KEY: signIn.apiKey,
  };
  await step('Starting the API and a worker', 'API and worker are ready', () =>
    startChildren(options.main, childEnv, dataDir, orders.stop, parts),
  );
  orders.stop.throwIfAborted();

  sayWhere(publicUrl, temporalUiUrl, signIn);
  const apiUrl = `http://localhost:${port}`;
  const running = {
    apiUrl,
    apiKey: signIn.apiKey,
    databaseUrl,
    dataDir,
    signInFile: signIn.file,
    stopSignal: orders.stop,
  };
  const code = await Promise.race([options.whenRunning?.(running) ?? null, aborted(orders.stop)]);
  if (typeof code === 'number') return code;
  await aborted(orders.stop);
  return 0;
}

async function startChildren(
  main: string,
  env: NodeJS.ProcessEnv,
  dataDir: string,
  stop: AbortSignal,
  parts: Parts,
): Promise<void> {
  const started = await Promise.allSettled(
    CHILDREN.map((child) => startChild({ ...child, main, env, dataDir, say, signal: stop })),
  );
  for (const child of started) if (child.status === 'fulfilled') parts.children.push(child.value);
  const failed = started.find((child) => child.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

/** In order: API, worker, Temporal, PostgreSQL. In a hurry all children at once, beside an orderly stop under way. */
async function stopAll(parts: Parts, isHurried: boolean): Promise<void> {
  if (isHurried) await Promise.all(parts.children.map((child) => child.stop(true)));
  else for (const child of parts.children) await child.stop();
  await parts.embedded?.stop(isHurried);
}

function sayWhere(publicUrl: string, temporalUiUrl: string | null, signIn: FirstSignIn): void {
  say('');
  say(`Tracker Hub   ${publicUrl}`);
  if (temporalUiUrl !== null) say(`Temporal UI   ${temporalUiUrl}`);
  if (signIn.isNew) {
    say(
      `First sign-in ${signIn.email}, password ${signIn.password} (shown only now; it stands in ${signIn.file}, with the API key)`,
    );
  } else {
    say(`First sign-in ${signIn.file === null ? `${signIn.email}, as given by ADMIN_PASSWORD` : `in ${signIn.file}`}`);
  }
  say('ctrl-C stops everything.');
}

function aborted(signal: AbortSignal): Promise<null> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(null);
    else signal.addEventListener('abort', () => resolve(null), { once: true });
  });
}

// The servers that `start` brings along, each only where the environment names no other.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../config.ts';
import { keepRunning, type Restartable } from './keep-running.ts';
import { startPostgres } from './postgres.ts';
import { DATABASE } from './running-postgres.ts';
import { type Say, step } from './say.ts';
import { findTemporal } from './temporal-binary.ts';
import { startTemporalServer } from './temporal-server.ts';

export type EmbeddedServers = {
  databaseUrl: string;
  temporalAddress: string;
  /** The web page for operators; null when an external Temporal names none. */
  temporalUiUrl: string | null;
  /** In order: Temporal, then PostgreSQL. */
  stop(isHurried?: boolean): Promise<void>;
};

export type EmbeddedOptions = {
  config: Config;
  dataDir: string;
  env: NodeJS.ProcessEnv;
  say: Say;
  signal: AbortSignal;
};

type Started<T> = { server: T; stop(isHurried: boolean): Promise<void> };

/**
 * Starts what is needed, side by side, and looks after it until `stop`.
 * @throws when one of them does not start; the other is stopped again
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServers> {
  const { config } = options;
  const watching = new AbortController();
  const watch = async <T extends Restartable & { stop(isHurried?: boolean): Promise<void> }>(
    name: string,
    starting: Promise<T>,
  ): Promise<Started<T>> => {
    const server = await starting;
    const watched = keepRunning(name, server, options.say, watching.signal);
    const stop = async (isHurried: boolean) => {
      watching.abort();
      // A restart that is under way ends first, so that nothing is left running; in a hurry it is not waited for.
      await Promise.race([watched, sleep(isHurried ? 0 : 5_000, null, { ref: false })]);
      await server.stop(isHurried);
    };
    return { server, stop };
  };

  const results = await Promise.allSettled([
    config.databaseUrl === null ? watch('PostgreSQL', postgres(options)) : null,
    config.temporal.address === null ? watch('Temporal', temporal(options)) : null,
  ]);
  const stop = async (isHurried = false) => {
    for (const result of results.toReversed()) {
      if (result.status === 'fulfilled') await result.value?.stop(isHurried);
    }
  };
  const [database, workflows] = results;
  if (database.status === 'rejected' || workflows.status === 'rejected') {
    await stop();
    throw database.status === 'rejected' ? database.reason : (workflows as PromiseRejectedResult).reason;
  }
  return {
    databaseUrl: config.databaseUrl ?? database.value!.server.url,
    temporalAddress: config.temporal.address ?? workflows.value!.server.address,
    temporalUiUrl: config.temporal.uiUrl ?? workflows.value?.server.uiUrl ?? null,
    stop,
  };
}

function postgres({ dataDir, say }: EmbeddedOptions) {
  return step('Starting PostgreSQL', 'PostgreSQL is ready', () => startPostgres({ dataDir, database: DATABASE, say }));
}

async function temporal({ config, dataDir, env, say, signal }: EmbeddedOptions) {
  const binary = await findTemporal({ env, chosen: config.temporal.cli, say, signal });
  return step('Starting Temporal', 'Temporal is ready', () => startTemporalServer({ dataDir, binary, say }));
}

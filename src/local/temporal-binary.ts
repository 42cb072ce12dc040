// Finds the `temporal` program for the embedded dev server, and fetches or builds it where there is none.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { runCommand } from './run-command.ts';
import { StartError } from './start-error.ts';
import { buildTemporal, findGo } from './temporal-build.ts';
import { cachedTemporal, TEMPORAL_VERSION } from './temporal-cache.ts';
import { downloadTemporal } from './temporal-download.ts';

export type TemporalSearch = {
  env: NodeJS.ProcessEnv;
  /** TEMPORAL_CLI: taken as it is, and nothing else is looked for. */
  chosen: string | null;
  say: (line: string) => void;
  signal?: AbortSignal;
};

/**
 * The path of a `temporal` program that runs here. Looks, in this order, at TEMPORAL_CLI, PATH, the user's cache
 * folder, the SDK's own download, and builds it with Go last.
 * @throws with one message that says what to install when none of them works
 */
export async function findTemporal(search: TemporalSearch): Promise<string> {
  const { env, chosen, say, signal } = search;
  if (chosen !== null) {
    if (await runs(chosen)) return chosen;
    throw new StartError(`TEMPORAL_CLI names ${chosen}, which does not run as a temporal program.`);
  }
  for (const found of onPath(env)) if (await runs(found)) return found;
  const cached = cachedTemporal(env);
  if (isExecutable(cached) && (await runs(cached))) return cached;

  say('The Temporal dev server is not on this machine yet: fetching it (about 60 MB) …');
  const downloadProblem = await downloadTemporal(cached, signal);
  if (downloadProblem === null && (await runs(cached))) return cached;

  const go = await findGo(env);
  if (go !== null) {
    say(`It cannot be fetched (${downloadProblem ?? 'what came does not run'}); building it with Go instead.`);
    await buildTemporal({ go, destination: cached, env, say, signal });
    return cached;
  }
  throw new StartError(
    [
      `There is no Temporal to start. It could not be fetched (${downloadProblem ?? 'what came does not run'}), and there is no Go to build it with.`,
      'Do one of these and start again:',
      '  - install the Temporal CLI (https://docs.temporal.io/cli#install), so that `temporal` is on PATH;',
      '  - name such a program in TEMPORAL_CLI;',
      `  - install Go (https://go.dev/doc/install): version ${TEMPORAL_VERSION} is then built by itself;`,
      '  - name a running Temporal server in TEMPORAL_ADDRESS.',
    ].join('\n'),
  );
}

function onPath(env: NodeJS.ProcessEnv): string[] {
  const name = process.platform === 'win32' ? 'temporal.exe' : 'temporal';
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, name)).filter(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Something else may be called `temporal`, and a copy may be torn: only one that names its server version counts. */
async function runs(file: string): Promise<boolean> {
  try {
    const { code, output } = await runCommand(file, ['--version'], { timeoutMs: 20_000 });
    return code === 0 && /temporal version .*Server/i.test(output);
  } catch {
    return false;
  }
}

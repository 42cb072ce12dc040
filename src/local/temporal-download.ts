// Fetches the Temporal program the way the SDK does, in a process of its own, and keeps it in the cache folder.
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCommand } from './run-command.ts';
import { TEMPORAL_VERSION } from './temporal-cache.ts';

const TIMEOUT_MS = 5 * 60_000;

/**
 * Downloads the program to `destination`. Gives back null, or the reason why it did not work; without a network that
 * takes a second, so that the next way can be tried.
 */
export async function downloadTemporal(destination: string, signal?: AbortSignal): Promise<string | null> {
  const folder = join(dirname(dirname(destination)), `download-${randomBytes(4).toString('hex')}`);
  mkdirSync(folder, { recursive: true });
  try {
    const program = [fileURLToPath(import.meta.url), folder];
    const { code, output } = await runCommand(process.execPath, program, { timeoutMs: TIMEOUT_MS, signal });
    if (code !== 0) return reasonIn(output);
    const [name] = readdirSync(folder).filter((file) => file.startsWith('temporal'));
    if (name === undefined) return 'nothing was left in the download folder';
    chmodSync(join(folder, name), 0o755);
    mkdirSync(dirname(destination), { recursive: true });
    renameSync(join(folder, name), destination);
    return null;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The last cause in the SDK's chain of messages says it best. */
function reasonIn(output: string): string {
  const message = output.trim().split('\n').at(-1) ?? '';
  return message.split(': ').slice(-2).join(': ') || 'the download did not end';
}

/** The SDK offers no download alone: it starts the server too, which is ended at once. */
async function download(downloadDir: string): Promise<void> {
  const { TestWorkflowEnvironment } = await import('@temporalio/testing');
  const executable = { type: 'cached-download', version: TEMPORAL_VERSION, downloadDir } as const;
  const environment = await TestWorkflowEnvironment.createLocal({ server: { executable } });
  await environment.teardown();
}

if (import.meta.main) {
  try {
    await download(process.argv[2]!);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}

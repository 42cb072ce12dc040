// Schemathesis, installed once into the user's cache folder where this machine has Python.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runCommand } from '../../src/local/run-command.ts';
import { cachedTemporal } from '../../src/local/temporal-cache.ts';

const VERSION = '4.32.5';
const INSTALL_MS = 120_000;

export interface Missing {
  missing: string;
  /** Then it could be here, and that it is not is a fault of somebody's. */
  hasPython: boolean;
}

/** @returns its path, or why there is none */
export async function findSchemathesis(): Promise<{ path: string } | Missing> {
  const folder = join(dirname(dirname(cachedTemporal(process.env))), `schemathesis-${VERSION}`);
  const path = join(folder, 'bin', 'schemathesis');
  if (existsSync(path)) return { path };
  const version = await runCommand('python3', ['--version'], { timeoutMs: INSTALL_MS }).catch(() => null);
  if (version?.code !== 0) return { missing: 'there is no Python here', hasPython: false };
  const made = await runCommand('python3', ['-m', 'venv', folder], { timeoutMs: INSTALL_MS });
  if (made.code !== 0)
    return { missing: `Python makes no environment here: ${made.output.slice(-500)}`, hasPython: true };
  const pip = join(folder, 'bin', 'pip');
  const installed = await runCommand(pip, ['install', '--quiet', `schemathesis==${VERSION}`], {
    timeoutMs: INSTALL_MS,
  });
  return installed.code === 0
    ? { path }
    : { missing: `Schemathesis cannot be installed: ${installed.output.slice(-500)}`, hasPython: true };
}

// Schemathesis, installed once into the user's cache folder where this machine has Python.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runCommand } from '../../src/local/run-command.ts';
import { cachedTemporal } from '../../src/local/temporal-cache.ts';

const VERSION = '4.32.5';
const INSTALL_MS = 120_000;

/** @returns its path, or why there is none */
export async function findSchemathesis(): Promise<{ path: string } | { missing: string }> {
  const folder = join(dirname(dirname(cachedTemporal(process.env))), `schemathesis-${VERSION}`);
  const path = join(folder, 'bin', 'schemathesis');
  if (existsSync(path)) return { path };
  const python = await runCommand('python3', ['-m', 'venv', folder], { timeoutMs: INSTALL_MS }).catch(() => null);
  if (python === null || python.code !== 0) return { missing: 'there is no Python with venv here' };
  const pip = join(folder, 'bin', 'pip');
  const installed = await runCommand(pip, ['install', '--quiet', `schemathesis==${VERSION}`], {
    timeoutMs: INSTALL_MS,
  });
  return installed.code === 0
    ? { path }
    : { missing: `Schemathesis cannot be installed: ${installed.output.slice(-500)}` };
}

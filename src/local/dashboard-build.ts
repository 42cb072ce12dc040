// The dashboard's files: built from its sources when they are missing or outdated, each version in a folder of its own.
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { say, step } from './say.ts';

const ROOT = resolve(import.meta.dirname, '..', '..');
const SOURCES = ['src/dashboard', 'src/core', 'package-lock.json'];
const BUILT = join(ROOT, 'dist', 'dashboard');

/** Where the files of these very sources are, or would be. */
export function dashboardFolder(): string {
  const hash = createHash('sha256');
  for (const source of SOURCES) {
    for (const file of filesOf(join(ROOT, source))) {
      hash.update(`${relative(ROOT, file)}\0`).update(readFileSync(file));
    }
  }
  return join(BUILT, hash.digest('hex').slice(0, 16));
}

/**
 * Two starts from one checkout may build at the same time: each into a folder that is nobody else's, and the first that is
 * done gives its own its name.
 * @returns the folder; null where it cannot be built, which is said: the API is of use without it
 */
export async function ensureDashboard(): Promise<string | null> {
  const folder = dashboardFolder();
  if (existsSync(folder)) return folder;
  const draft = join(BUILT, `.${randomBytes(6).toString('hex')}`);
  try {
    await step('Building the dashboard', 'The dashboard is built', async () => {
      mkdirSync(BUILT, { recursive: true });
      await asInProduction(() => buildInto(draft));
      if (!existsSync(folder)) renameSync(draft, folder);
    });
    dropOthers(folder);
    return folder;
  } catch (error) {
    if (existsSync(folder)) return folder;
    say(`The dashboard could not be built (${error instanceof Error ? error.message : 'unknown'}). The API works.`);
    return null;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

async function buildInto(outDir: string): Promise<void> {
  const { build } = await import('vite');
  const configFile = join(ROOT, 'src', 'dashboard', 'vite.config.ts');
  await build({ configFile, build: { outDir, emptyOutDir: true }, logLevel: 'error' });
}

/** The variable of whoever starts us would make it a build for developers: half as large again, and slow. */
async function asInProduction(work: () => Promise<void>): Promise<void> {
  const before = process.env.NODE_ENV;
  process.env.NODE_ENV = 'production';
  try {
    await work();
  } finally {
    if (before === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = before;
  }
}

/** A server that runs has its files in memory. */
function dropOthers(folder: string): void {
  for (const name of readdirSync(BUILT)) {
    const other = join(BUILT, name);
    if (other !== folder && !name.startsWith('.')) rmSync(other, { recursive: true, force: true });
  }
}

function filesOf(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesOf(join(path, name)));
}

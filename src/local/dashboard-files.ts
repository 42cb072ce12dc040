// The built dashboard in memory: some two megabytes, compressed once.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { DashboardFile } from '../api/deps.ts';
import { dashboardFolder } from './dashboard-build.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};
const TEXTS: ReadonlySet<string> = new Set(['.html', '.js', '.css', '.svg']);

/** By the path of its address; null where it is not built. */
export function readDashboard(folder = dashboardFolder()): ReadonlyMap<string, DashboardFile> | null {
  if (!existsSync(folder)) return null;
  const files = filesIn(folder).map((path): [string, DashboardFile] => {
    const plain = readFileSync(path);
    const extension = extname(path);
    const gzipped = TEXTS.has(extension) ? gzipSync(plain, { level: 9 }) : null;
    const type = TYPES[extension] ?? 'application/octet-stream';
    return [`/${relative(folder, path).split(sep).join('/')}`, { type, plain, gzipped }];
  });
  return new Map(files);
}

function filesIn(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesIn(path) : [path];
  });
}

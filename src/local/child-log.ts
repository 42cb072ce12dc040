// A child's output: everything into its log file, warnings and worse also for the terminal in plain words.

import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { LogFile } from './log-file.ts';
import type { Say } from './say.ts';

const WARN = 40;
const LEVEL_WORDS: Record<number, string> = { 40: 'warning', 50: 'error', 60: 'fatal' };
const LONGEST_LINE_CHARS = 500;

/** Follows one stream of a child until it ends. */
export function followOutput(stream: Readable, name: string, log: LogFile, say: Say): void {
  createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on('line', (line) => {
    log.write(`${line}\n`);
    const shown = forTerminal(line);
    if (shown !== null) say(`${name}: ${shown}`);
  });
}

/** The line as a person reads it; null when it stays in the file. What is not one of pino's lines is always shown. */
export function forTerminal(line: string): string | null {
  const entry = parseEntry(line);
  if (entry === null) return line.trim() === '' ? null : line.slice(0, LONGEST_LINE_CHARS);
  if (entry.level < WARN) return null;
  const cause = entry.err?.message;
  const message = [entry.msg, cause].filter((part, i, all) => part && all.indexOf(part) === i).join(': ');
  return `${LEVEL_WORDS[entry.level] ?? 'warning'}: ${message}`.slice(0, LONGEST_LINE_CHARS);
}

type Entry = { level: number; msg?: string; err?: { message?: string } };

function parseEntry(line: string): Entry | null {
  if (!line.startsWith('{')) return null;
  try {
    const value = JSON.parse(line) as { level?: unknown };
    return typeof value.level === 'number' ? (value as Entry) : null;
  } catch {
    return null;
  }
}

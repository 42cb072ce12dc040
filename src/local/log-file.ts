// Log files that cannot fill a disk: at a size limit the file becomes `<name>.1` and a new one begins.
import { closeSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import { readIfThere } from './private-files.ts';

const LIMIT_BYTES = 10 * 1024 * 1024;

/** Sets a file that has grown past the limit aside as `<file>.1`; for logs that another program writes. */
export function keepLogSmall(file: string, limitBytes = LIMIT_BYTES): void {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > limitBytes) renameSync(file, `${file}.1`);
}

/** The end of a log, to be shown with an error. */
export function tailOf(file: string, chars = 2_000): string {
  return (readIfThere(file) ?? '').slice(-chars).trim();
}

export type LogFile = { write(text: string): void; close(): void };

/** Opens a log of ours for appending, mode 0600. Writes are at once on their way to the disk, also in a crash of ours. */
export function openLogFile(file: string, limitBytes = LIMIT_BYTES): LogFile {
  keepLogSmall(file, limitBytes);
  let handle = openSync(file, 'a', 0o600);
  let size = statSync(file).size;
  return {
    write(text) {
      size += writeSync(handle, text);
      if (size <= limitBytes) return;
      closeSync(handle);
      renameSync(file, `${file}.1`);
      handle = openSync(file, 'a', 0o600);
      size = 0;
    },
    close: () => closeSync(handle),
  };
}

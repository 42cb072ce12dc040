// Trouble of our own (database, defects), which Temporal retries: told in the history by its kind, in the log in full.
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { Logger } from 'pino';

/** Runs an activity; what it throws goes into the history without the values that a database's message may quote. */
export async function withOwnTrouble<T>(
  logger: Logger,
  activity: string,
  configId: string | null,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CancelledFailure) throw error;
    const failure = error instanceof Error ? error : new Error(String(error));
    logger.error(
      { activity, configId, ...told(failure), message: failure.message, stack: failure.stack },
      'an activity failed',
    );
    const { name, code } = told(failure);
    throw ApplicationFailure.create({ message: code === null ? name : `${name} ${code}`, type: name });
  }
}

function told(error: Error): { name: string; code: string | null } {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null;
  return { name: error.name, code };
}

// What stands in the way of a change to a config: told by code, translated into an answer once.

export type ConflictCode = 'name_taken' | 'other_host' | 'idempotency_key_reused' | 'too_many_resyncs';

export class ConfigConflict extends Error {
  override readonly name = 'ConfigConflict';
  readonly code: ConflictCode;

  constructor(code: ConflictCode, message: string) {
    super(message);
    this.code = code;
  }
}

const UNIQUE_VIOLATION = '23505';
const NAME_INDEX = 'tracker_config_name_key';

/** A breach of the unique name, as a conflict; any other error as it came. */
export function asConflict(error: unknown): unknown {
  const isTaken =
    error instanceof Error &&
    'code' in error &&
    'constraint' in error &&
    error.code === UNIQUE_VIOLATION &&
    error.constraint === NAME_INDEX;
  return isTaken ? new ConfigConflict('name_taken', 'Another tracker of this organisation has this name.') : error;
}

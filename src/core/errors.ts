// The kinds of trouble a tracker can give, the one error that carries them, and who has to act.

export const ERROR_KINDS = [
  'auth',
  'plan',
  'forbidden',
  'rate_limited',
  'server_error',
  'url',
  'dns',
  'connection_refused',
  'tls',
  'timeout',
  'network',
  'not_the_tracker',
  'refused',
  'bad_answer',
  'vault',
] as const;
export type ErrorKind = (typeof ERROR_KINDS)[number];

/** Kinds that only a person can mend: the config waits in `needs_attention` until it is changed. */
const NEEDS_A_PERSON: ReadonlySet<ErrorKind> = new Set(['auth', 'plan', 'forbidden', 'url', 'vault']);

export function needsPerson(kind: ErrorKind): boolean {
  return NEEDS_A_PERSON.has(kind);
}

/** Any status is an answer, and may be one resource's alone; these are none. */
const NO_ANSWER: ReadonlySet<ErrorKind> = new Set(['dns', 'connection_refused', 'tls', 'timeout', 'network']);

export function isNoAnswer(kind: ErrorKind): boolean {
  return NO_ANSWER.has(kind);
}

export interface TrackerErrorDetails {
  /** HTTP status, where the tracker answered. */
  status?: number;
  /** What the tracker asked us to wait, in milliseconds. */
  retryAfterMs?: number;
  /** The tracker's own words, redacted and cut. */
  said?: string;
  /** What a person can do now. */
  hint?: string;
}

/** Trouble with a tracker, in words that hold no secret: safe to store, to log and to show. */
export class TrackerError extends Error {
  override readonly name = 'TrackerError';
  readonly kind: ErrorKind;
  readonly details: TrackerErrorDetails;

  constructor(kind: ErrorKind, message: string, details: TrackerErrorDetails = {}) {
    super(message);
    this.kind = kind;
    this.details = details;
  }
}

/** One row that cannot be read; the page goes on without it. */
export class UnreadableRowError extends Error {
  override readonly name = 'UnreadableRowError';
}

/** An error as it is kept beside a config and shown. */
export interface LastError {
  kind: ErrorKind;
  message: string;
  hint: string | null;
  at: string;
}

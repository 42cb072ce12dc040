// The requests a ledger's faces were asked, in order: for tests of rates, pauses, windows and keys. No key is ever kept.
import type { AnswerNotes } from './faces/face.ts';

const keptRequests = 100_000;

export interface LoggedRequest {
  /** Counts from 1 and is never reset. */
  number: number;
  /** Real time of arrival, ISO 8601. */
  at: string;
  /** When the answer was out or the connection gone; null while it is being served. */
  endedAt: string | null;
  /** Requests being served at its arrival, itself included. */
  inFlight: number;
  method: string;
  /** Below the ledger's base, without the query: keys may ride in it. */
  path: string;
  credential: AnswerNotes['credential'] | null;
  window: AnswerNotes['window'] | null;
  offset: number | null;
  limit: number | null;
  rows: number | null;
  /** Null where no answer was begun. */
  status: number | null;
  /** Kind of the fault that was laid on it. */
  fault: string | null;
  /** Of the rule that laid it. */
  faultId: number | null;
}

export class RequestLog {
  #entries: LoggedRequest[] = [];
  #count = 0;
  #inFlight = 0;

  /** Records an arrival; the caller completes the entry and calls `end`. */
  begin(method: string, path: string): LoggedRequest {
    this.#inFlight++;
    const entry: LoggedRequest = {
      number: ++this.#count,
      at: new Date().toISOString(),
      endedAt: null,
      inFlight: this.#inFlight,
      method,
      path,
      credential: null,
      window: null,
      offset: null,
      limit: null,
      rows: null,
      status: null,
      fault: null,
      faultId: null,
    };
    this.#entries.push(entry);
    if (this.#entries.length > keptRequests) this.#entries.splice(0, keptRequests / 10);
    return entry;
  }

  note(entry: LoggedRequest, notes: AnswerNotes): void {
    entry.credential = notes.credential;
    entry.window = notes.window ?? null;
    entry.offset = notes.offset ?? null;
    entry.limit = notes.limit ?? null;
    entry.rows = notes.rows ?? null;
  }

  end(entry: LoggedRequest): void {
    if (entry.endedAt !== null) return;
    entry.endedAt = new Date().toISOString();
    this.#inFlight--;
  }

  get entries(): readonly LoggedRequest[] {
    return this.#entries;
  }

  clear(): void {
    this.#entries = [];
  }
}

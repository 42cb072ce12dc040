// The ledger's clock: real time, moved by an offset, or frozen.

export interface ClockState {
  /** The ledger's now, ISO 8601. */
  now: string;
  isFrozen: boolean;
}

/** One of the three settings a caller can give; `advanceMs` works on a frozen clock and on a running one. */
export type ClockCommand = { freezeAt: string } | { offsetMs: number } | { advanceMs: number } | { runFromReal: true };

export class Clock {
  #offsetMs = 0;
  #frozenMs: number | null;

  constructor(frozenAt?: string) {
    this.#frozenMs = frozenAt === undefined ? null : Date.parse(frozenAt);
  }

  /** Milliseconds since 1970 by this clock. */
  nowMs(): number {
    return this.#frozenMs ?? Date.now() + this.#offsetMs;
  }

  /** Whole seconds since 1970 by this clock. */
  nowSecond(): number {
    return Math.floor(this.nowMs() / 1000);
  }

  apply(command: ClockCommand): void {
    if ('freezeAt' in command) {
      this.#frozenMs = Date.parse(command.freezeAt);
    } else if ('offsetMs' in command) {
      this.#frozenMs = null;
      this.#offsetMs = command.offsetMs;
    } else if ('advanceMs' in command) {
      if (this.#frozenMs === null) this.#offsetMs += command.advanceMs;
      else this.#frozenMs += command.advanceMs;
    } else {
      this.#frozenMs = null;
      this.#offsetMs = 0;
    }
  }

  state(): ClockState {
    return { now: new Date(this.nowMs()).toISOString(), isFrozen: this.#frozenMs !== null };
  }
}

// A run's own time: it stands still while there is work, and jumps over every rest; and which time it was when something happened.
export interface RunTime {
  now(): Date;
  /** The same, but going on: by it, calls wait for each other within one piece of work. */
  running(): Date;
  jumpTo(time: Date): void;
  /** The run's time at a moment of the real clock. */
  at(realMs: number): number;
}

export function runTime(startsAt: Date): RunTime {
  const jumps = [{ realMs: Date.now(), ms: startsAt.getTime() }];
  return {
    now: () => new Date(jumps.at(-1)!.ms),
    running: () => new Date(jumps.at(-1)!.ms + Date.now() - jumps.at(-1)!.realMs),
    jumpTo: (time) => void jumps.push({ realMs: Date.now(), ms: time.getTime() }),
    at: (realMs) => (jumps.findLast((jump) => jump.realMs <= realMs) ?? jumps[0]!).ms,
  };
}

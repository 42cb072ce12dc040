// Many runs over every face, a few at a time: what was thrown at each, what did not hold, and how to repeat it.
import { randomInt } from 'node:crypto';
import type { Ground } from '../sync/ground.ts';
import { KINDS } from './draw.ts';
import { lookAtFace, playRun, type Thrown } from './run.ts';

/** While one run waits for a tracker that is silent, others go on. */
const AT_ONCE = 4;

export interface Swept {
  face: string;
  runs: number;
  thrown: Thrown;
  /** Each with how to repeat it. */
  failures: string[];
}

/** `FAULT_SEED`, or a new one; said where a person sees it. */
export function seedOfSweep(): number {
  const seed = Number(process.env.FAULT_SEED ?? randomInt(1, 2 ** 31));
  process.stdout.write(`FAULT_SEED=${seed} repeats this sweep; with FAULT_RUN=<face>/<number>, one run of it.\n`);
  return seed;
}

export async function sweep(ground: Ground, face: string, seed: number, runs: number): Promise<Swept> {
  const asked = process.env.FAULT_RUN;
  const all = Array.from({ length: runs }, (_, i) => `${face}/${i}`);
  const names = asked === undefined ? all : [asked].filter((name) => name.startsWith(`${face}/`));
  const swept: Swept = { face, runs: names.length, thrown: {}, failures: [] };
  const left = [...names];
  const looked = await lookAtFace(ground, face);
  const play = async (): Promise<void> => {
    for (let name = left.shift(); name !== undefined; name = left.shift()) {
      try {
        const thrown = await playRun(looked, seed, name);
        for (const [kind, times] of Object.entries(thrown)) swept.thrown[kind] = (swept.thrown[kind] ?? 0) + times;
      } catch (error) {
        const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
        swept.failures.push(`FAULT_SEED=${seed} FAULT_RUN=${name}: ${words}`);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, play));
  return swept;
}

/** A column a face, a line a kind. */
export function tableOf(swept: readonly Swept[]): string {
  const lines = [
    ['', ...swept.map(({ face }) => face)],
    ['runs', ...swept.map(({ runs }) => String(runs))],
    ...KINDS.map((kind) => [kind, ...swept.map(({ thrown }) => String(thrown[kind] ?? 0))]),
    ['failures', ...swept.map(({ failures }) => String(failures.length))],
  ];
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  const text = lines.map((line) =>
    line.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  '),
  );
  return `\n${text.join('\n')}\n`;
}

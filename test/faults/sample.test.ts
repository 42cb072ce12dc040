// A short sample of the fault sweep: a few runs over every face, always the same ones.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { faces } from '../../simulator/faces/index.ts';
import { freshDatabase } from '../setup/database.ts';
import { type Ground, openGround } from '../sync/ground.ts';
import { sweep } from './sweep.ts';

const SEED = 20_261_127;
const RUNS = 3;

let ground: Ground;
let drop: () => Promise<void>;

beforeAll(async () => {
  const database = await freshDatabase();
  drop = database.drop;
  ground = await openGround(database.url);
});

afterAll(async () => {
  await ground.stop();
  await drop();
});

test.each(faces.map(({ name }) => name))(
  '%s: nothing is lost, doubled, asked too early or left behind',
  async (face) => {
    const { failures, thrown } = await sweep(ground, face, SEED, RUNS);
    expect(failures.join('\n\n')).toBe('');
    expect(Object.values(thrown).reduce((sum, times) => sum + times, 0)).toBeGreaterThan(RUNS);
  },
);

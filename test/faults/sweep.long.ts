// The fault sweep: at least two hundred runs over every face, each with faults of every kind drawn by its seed; ends with a table.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { faces } from '../../simulator/faces/index.ts';
import { freshDatabase } from '../setup/database.ts';
import { type Ground, openGround } from '../sync/ground.ts';
import { KINDS } from './draw.ts';
import { type Swept, seedOfSweep, sweep, tableOf } from './sweep.ts';

const RUNS = Number(process.env.FAULT_RUNS ?? 200);
const seed = seedOfSweep();
const swept: Swept[] = [];

let ground: Ground;
let drop: () => Promise<void>;

beforeAll(async () => {
  const database = await freshDatabase();
  drop = database.drop;
  ground = await openGround(database.url);
});

afterAll(async () => {
  process.stdout.write(tableOf(swept));
  await ground.stop();
  await drop();
});

test.each(faces.map(({ name }) => name))('%s', { timeout: RUNS * 20_000 }, async (face) => {
  const found = await sweep(ground, face, seed, RUNS);
  swept.push(found);
  expect(found.failures.join('\n\n')).toBe('');
  if (found.runs < 200) return;
  expect(
    KINDS.filter((kind) => (found.thrown[kind] ?? 0) === 0),
    'kinds that were never thrown',
  ).toEqual([]);
});

// The demo's trackers: the simulator as a child process, a ledger for each of its faces, the same ones at every start of one data folder.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { ofetch } from 'ofetch';
import { addUnknownWord } from './demo-yours.ts';
import { StartError } from './start-error.ts';

const PROGRAM = fileURLToPath(new URL('../../simulator/main.ts', import.meta.url));
const FIRST = 'demo';
const YOURS = 'demo-yours';
const YOUR_SEED = 101;
/** Of the last 30 days. Conversions follow their clicks by minutes to days: nearly all of them have come by the end. */
const SIZES = { first: { clicks: 200_000, conversions: 8_400 }, others: { clicks: 20_000, conversions: 900 } };

/** A simulated tracker, as a person would enter it. */
export interface DemoTracker {
  /** The simulator's own name for it; several may be the same product. */
  face: string;
  type: string;
  url: string;
  credentials: Record<string, string>;
  settings: Record<string, unknown>;
  clicks: number;
  /** The ledger's own totals, in the tracker's words. */
  truthUrl: string;
}

export interface DemoSimulator {
  trackers: DemoTracker[];
  /** Left for the reader to connect. */
  yours: DemoTracker;
  /** Of the ledger behind it. */
  yourControl: string;
  stop(): void;
}

type Face = Omit<DemoTracker, 'clicks' | 'truthUrl'>;

interface Kept {
  port: number;
  anchorAt: string;
}

type Size = (typeof SIZES)[keyof typeof SIZES];

/** @throws StartError where it does not start, e.g. because its port is taken now */
export async function startDemoSimulator(dataDir: string): Promise<DemoSimulator> {
  const file = join(dataDir, 'demo-ledger.json');
  const kept: Kept = existsSync(file)
    ? JSON.parse(readFileSync(file, 'utf8'))
    : { port: 0, anchorAt: new Date().toISOString() };
  /** Without limits: a panel that answers ten calls a minute is no demonstration. */
  const ledgerOf = (name: string, seed: number, size: Size) => ({
    ...{ name, seed, ...size, days: 30, anchorAt: kept.anchorAt, limits: false },
  });
  const first = JSON.stringify(ledgerOf(FIRST, 7, SIZES.first));
  // In a group of its own: a ctrl-C reaches the hub first, and the hub ends it. It ends by itself when the hub is killed.
  const child = spawn(
    process.execPath,
    [PROGRAM, '--port', String(kept.port), '--until-stdin-ends', '--ledger', first],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
      detached: true,
    },
  );
  const lines = createInterface({ input: child.stdout });
  const line = await Promise.race([once(lines, 'line'), once(child, 'exit').then(() => null)]);
  if (line === null) throw new StartError(`The simulated trackers did not start (port ${kept.port || 'any'}).`);
  const { address } = JSON.parse(line[0]) as { address: string };
  writeFileSync(file, JSON.stringify({ port: Number(new URL(address).port), anchorAt: kept.anchorAt } satisfies Kept));
  const control = `${address}/control/ledgers`;
  const trackers = await openTrackers(control, (name, i) => ledgerOf(name, 7 + i, SIZES.others));
  await ofetch(control, { method: 'POST', body: ledgerOf(YOURS, YOUR_SEED, SIZES.others) });
  const yourControl = `${control}/${YOURS}`;
  await addUnknownWord(yourControl, kept.anchorAt);
  const [face] = await ofetch<Face[]>(`${yourControl}/faces`);
  const yours = { ...face!, clicks: SIZES.others.clicks, truthUrl: `${yourControl}/truth?face=${face!.face}` };
  return { trackers, yours, yourControl, stop: () => child.kill('SIGTERM') };
}

/** One ledger is open; each further face has another one of its own, so that every tracker has its own numbers. */
async function openTrackers(control: string, ledgerOf: (name: string, i: number) => object): Promise<DemoTracker[]> {
  const facesOf = (name: string) => ofetch<Face[]>(`${control}/${name}/faces`);
  const trackers: DemoTracker[] = [];
  for (const [i, { face }] of (await facesOf(FIRST)).entries()) {
    const name = i === 0 ? FIRST : `${FIRST}-${face.replaceAll('_', '-')}`;
    if (i > 0) await ofetch(control, { method: 'POST', body: ledgerOf(name, i) });
    const found = (await facesOf(name)).find((one) => one.face === face)!;
    const { clicks } = i === 0 ? SIZES.first : SIZES.others;
    trackers.push({ ...found, clicks, truthUrl: `${control}/${name}/truth?face=${face}` });
  }
  return trackers;
}

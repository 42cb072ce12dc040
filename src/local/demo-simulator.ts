// The demo's tracker: the simulator as a child process, with the same ledger and address at every start of one data folder.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { StartError } from './start-error.ts';

const PROGRAM = fileURLToPath(new URL('../../simulator/main.ts', import.meta.url));

export interface DemoSimulator {
  /** Of the fake panel, as a person would enter it. */
  url: string;
  apiKey: string;
  /** The ledger's own totals. */
  truthUrl: string;
  stop(): void;
}

interface Kept {
  port: number;
  anchorAt: string;
}

/** @throws StartError where it does not start, e.g. because its port is taken now */
export async function startDemoSimulator(dataDir: string): Promise<DemoSimulator> {
  const file = join(dataDir, 'demo-ledger.json');
  const kept: Kept = existsSync(file)
    ? JSON.parse(readFileSync(file, 'utf8'))
    : { port: 0, anchorAt: new Date().toISOString() };
  const ledger = JSON.stringify({
    name: 'demo',
    seed: 7,
    clicks: 200_000,
    // They follow their clicks by minutes to days: some 8,000 of them have come by the end.
    conversions: 8_400,
    days: 30,
    anchorAt: kept.anchorAt,
  });
  // In a group of its own: a ctrl-C reaches the hub first, and the hub ends it. It ends by itself when the hub is killed.
  const child = spawn(
    process.execPath,
    [PROGRAM, '--port', String(kept.port), '--until-stdin-ends', '--ledger', ledger],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
      detached: true,
    },
  );
  const lines = createInterface({ input: child.stdout });
  const first = await Promise.race([once(lines, 'line'), once(child, 'exit').then(() => null)]);
  if (first === null) throw new StartError(`The simulated tracker did not start (port ${kept.port || 'any'}).`);
  const { address, ledgers } = JSON.parse(first[0]) as { address: string; ledgers: { url: string; apiKey: string }[] };
  writeFileSync(file, JSON.stringify({ port: Number(new URL(address).port), anchorAt: kept.anchorAt } satisfies Kept));
  const { url, apiKey } = ledgers[0]!;
  return { url, apiKey, truthUrl: `${address}/control/ledgers/demo/truth`, stop: () => child.kill('SIGTERM') };
}

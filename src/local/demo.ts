// The demo: a simulated Keitaro is started and connected, its backfill shown, and the hub's totals held beside the ledger's own.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createDemoClient, type DemoClient, type Progress } from './demo-client.ts';
import { startDemoSimulator } from './demo-simulator.ts';
import { type Comparison, compare, isEqual, tableOf } from './demo-totals.ts';
import { say } from './say.ts';
import type { Running } from './start.ts';
import { StartError } from './start-error.ts';

const NAME = 'Demo Keitaro';
const MOST_REREADS = 5;

/**
 * @returns null to run on; with `--check` the exit code: 0 when every pair is equal, and `DATA_DIR/demo.json` is written
 */
export async function runDemo({
  apiUrl,
  apiKey,
  dataDir,
  stopSignal,
  argv,
}: Running & { argv: string[] }): Promise<number | null> {
  const simulator = await startDemoSimulator(dataDir);
  stopSignal.addEventListener('abort', () => simulator.stop(), { once: true });
  say(`A simulated Keitaro runs at ${simulator.url} (200,000 clicks and some 8,000 conversions in the last 30 days).`);
  const hub = createDemoClient(apiUrl, apiKey);
  const configId = await connect(hub, simulator);
  await watchBackfill(hub, configId, stopSignal);
  const comparisons = await settle(hub, configId, simulator.truthUrl, stopSignal);
  say(tableOf(comparisons));
  const isAllEqual = comparisons.every(isEqual);
  say(isAllEqual ? 'The hub and the ledger agree to the cent.' : 'The hub and the ledger DIFFER.');
  if (argv.includes('--check')) {
    const rows = comparisons.map((comparison) => ({ configId, type: 'keitaro', ...comparison, reason: null }));
    writeFileSync(join(dataDir, 'demo.json'), `${JSON.stringify(rows, null, 2)}\n`);
    simulator.stop();
    return isAllEqual ? 0 : 1;
  }
  say(`It stays connected and is read every minute. Watch it: GET ${apiUrl}/api/v1/trackers/${configId}/progress`);
  return null;
}

async function connect(hub: DemoClient, simulator: { url: string; apiKey: string }): Promise<string> {
  const found = await hub.findTracker(NAME);
  if (found !== null) {
    // A start without the demo may have parked it: no simulator was there, or its network was not allowed.
    await hub.resume(found);
    return found;
  }
  const tracker = { type: 'keitaro', name: NAME, url: simulator.url, credentials: { apiKey: simulator.apiKey } };
  const test = await hub.testTracker(tracker);
  say(`Connection test: ${test.message}`);
  return hub.createTracker({ ...tracker, settings: { syncIntervalMinutes: 1 } });
}

async function watchBackfill(hub: DemoClient, configId: string, stopSignal: AbortSignal): Promise<void> {
  let told = '';
  for (;;) {
    stopSignal.throwIfAborted();
    const [tracker, progress] = await Promise.all([hub.tracker(configId), hub.progress(configId)]);
    if (tracker.lastError !== null) say(`Trouble: ${tracker.lastError.message}. ${tracker.lastError.hint ?? ''}`);
    const line = progressLine(progress);
    if (line !== told) say(line);
    told = line;
    if (tracker.state === 'synced') return;
    if (tracker.state === 'needs_attention') throw new StartError('The simulated tracker needs attention: see above.');
    await sleep(1_000, null, { signal: stopSignal });
  }
}

function progressLine({ percent, windows, rows, rowsPerSecond, etaSeconds }: Progress): string {
  const pace = rowsPerSecond === null ? '' : `, ${Math.round(rowsPerSecond).toLocaleString('en')} rows/s`;
  const eta = etaSeconds === null || etaSeconds <= 0 ? '' : `, about ${Math.ceil(etaSeconds)} s to go`;
  const counts = `${rows.clicks.toLocaleString('en')} clicks, ${rows.conversions.toLocaleString('en')} conversions`;
  return `Backfill ${percent.toFixed(1)} %: ${counts}, ${windows.done} of ${windows.done + windows.running + windows.planned} windows${pace}${eta}`;
}

/** The ledger moves on while it is read: conversions that changed meanwhile are read once more before the two are compared. */
async function settle(
  hub: DemoClient,
  configId: string,
  truthUrl: string,
  stopSignal: AbortSignal,
): Promise<Comparison[]> {
  for (let rereads = 0; ; rereads++) {
    const comparisons = await compare(hub, configId, truthUrl);
    if (comparisons.every(isEqual) || rereads >= MOST_REREADS) return comparisons;
    say('The ledger has moved on since; reading its conversions again.');
    const range = await hub.readRange(configId);
    await hub.resync(configId, { ...range, resources: ['conversions'] }, stopSignal);
  }
}

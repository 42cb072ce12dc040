// The demo: every tracker that the simulator can play is connected, their backfills shown, and the hub's totals held beside the ledgers' own.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createDemoClient, type DemoClient, type Progress } from './demo-client.ts';
import { type DemoTracker, startDemoSimulator } from './demo-simulator.ts';
import { type Comparison, compare, isEqual, isExplained, tableOf } from './demo-totals.ts';
import { sayWhatIsYours, uploadAds } from './demo-yours.ts';
import { say } from './say.ts';
import type { Running } from './start.ts';
import { StartError } from './start-error.ts';

const MOST_REREADS = 5;
/** The simulated trackers answer as often as they are asked. */
const SETTINGS = { syncIntervalMinutes: 1, callsPerMinute: 0 };

interface Shown {
  name: string;
  configId: string;
  tracker: DemoTracker;
}

/**
 * @returns null to run on; with `--check` the exit code: 0 when every pair is equal, or its tracker does not give it, and
 * `DATA_DIR/demo.json` is written
 */
export async function runDemo({
  apiUrl,
  apiKey,
  dataDir,
  signInFile,
  stopSignal,
  argv,
}: Running & { argv: string[] }): Promise<number | null> {
  const simulator = await startDemoSimulator(dataDir);
  stopSignal.addEventListener('abort', () => simulator.stop(), { once: true });
  const hub = createDemoClient(apiUrl, apiKey);
  const shown = await connectAll(hub, simulator.trackers);
  await uploadAds(hub, simulator.yourControl);
  await Promise.all(shown.map((one) => watchBackfill(hub, one, stopSignal)));
  const compared = new Map<string, Comparison[]>();
  for (const one of shown) compared.set(one.name, await settle(hub, one, stopSignal));
  say(tableOf(compared));
  const all = [...compared.values()].flat();
  const isRight = all.every(isExplained);
  say(verdictOf(all));
  if (argv.includes('--check')) {
    const rows = shown.flatMap(({ name, configId, tracker }) =>
      compared.get(name)!.map((comparison) => ({ configId, type: tracker.type, ...comparison })),
    );
    writeFileSync(join(dataDir, 'demo.json'), `${JSON.stringify(rows, null, 2)}\n`);
    simulator.stop();
    return isRight ? 0 : 1;
  }
  say('They stay connected and are read every minute.');
  await sayWhatIsYours(hub, apiUrl, signInFile, simulator.yours);
  return null;
}

function verdictOf(all: readonly Comparison[]): string {
  if (all.every(isEqual)) return 'The hub and the ledgers agree to the cent.';
  if (!all.every(isExplained)) return 'The hub and the ledgers DIFFER.';
  return 'The hub and the ledgers agree to the cent, but for what the trackers do not give.';
}

/** Of the faces that the hub knows: a face may be there before its tracker. */
async function connectAll(hub: DemoClient, trackers: readonly DemoTracker[]): Promise<Shown[]> {
  const titles = new Map((await hub.types()).map(({ type, title }) => [type, title]));
  const shown: Shown[] = [];
  for (const tracker of trackers) {
    const title = titles.get(tracker.type);
    if (title === undefined) continue;
    const name = tracker.face === tracker.type ? `Demo ${title}` : `Demo ${title} (${tracker.face})`;
    const clicks = tracker.clicks.toLocaleString('en');
    say(`${name}: simulated at ${tracker.url}, ${clicks} clicks in the last 30 days.`);
    shown.push({ name, tracker, configId: await connect(hub, name, tracker) });
  }
  return shown;
}

async function connect(hub: DemoClient, name: string, { type, url, credentials, settings }: DemoTracker) {
  const found = await hub.findTracker(name);
  if (found !== null) {
    // A start without the demo may have parked it: no simulator was there, or its network was not allowed.
    await hub.resume(found);
    return found;
  }
  const tracker = { type, name, url, credentials, settings: { ...settings, ...SETTINGS } };
  const test = await hub.testTracker(tracker);
  say(`${name}: ${test.message}`);
  return hub.createTracker(tracker);
}

async function watchBackfill(hub: DemoClient, { name, configId }: Shown, stopSignal: AbortSignal): Promise<void> {
  let told = '';
  for (;;) {
    stopSignal.throwIfAborted();
    const [tracker, progress] = await Promise.all([hub.tracker(configId), hub.progress(configId)]);
    const trouble = tracker.lastError;
    const line =
      trouble === null ? progressLine(progress) : `trouble: ${trouble.message}. ${trouble.hint ?? ''}`.trimEnd();
    if (line !== told) say(`${name}: ${line}`);
    told = line;
    if (tracker.state === 'synced') return;
    if (tracker.state === 'needs_attention') throw new StartError(`${name} needs attention: see above.`);
    await sleep(1_000, null, { signal: stopSignal });
  }
}

function progressLine({ percent, windows, rows, rowsPerSecond, etaSeconds }: Progress): string {
  const pace = rowsPerSecond === null ? '' : `, ${Math.round(rowsPerSecond).toLocaleString('en')} rows/s`;
  const eta = etaSeconds === null || etaSeconds <= 0 ? '' : `, about ${Math.ceil(etaSeconds)} s to go`;
  const counts = `${rows.clicks.toLocaleString('en')} clicks, ${rows.conversions.toLocaleString('en')} conversions`;
  return `backfill ${percent.toFixed(1)} %: ${counts}, ${windows.done} of ${windows.done + windows.running + windows.planned} windows${pace}${eta}`;
}

/** The ledger moves on while it is read: conversions that changed meanwhile are read once more before the two are compared. */
async function settle(
  hub: DemoClient,
  { name, configId, tracker }: Shown,
  stopSignal: AbortSignal,
): Promise<Comparison[]> {
  for (let rereads = 0; ; rereads++) {
    const comparisons = await compare(hub, configId, tracker.truthUrl);
    if (comparisons.every(isExplained) || rereads >= MOST_REREADS) return comparisons;
    say(`${name}: the ledger has moved on since; reading its conversions again.`);
    const range = await hub.readRange(configId);
    await hub.resync(configId, { ...range, resources: ['conversions'] }, stopSignal);
  }
}

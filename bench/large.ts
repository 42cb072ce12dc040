// A large tracker as a whole hub meets it: 5,000,000 clicks with a heavy day, bursts, rows that come while paging, no totals
// on its pages. Prints what was promised beside what was seen, and fails where a promise is broken.
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { ledgerControl } from '../simulator/client.ts';
import { slotAfter } from '../src/core/slots.ts';
import { type Connected, connect, type Hub, withHub } from './hub.ts';
import { type Seen, watch } from './large-watch.ts';
import { memoryOf } from './processes.ts';

const { values } = parseArgs({
  options: {
    clicks: { type: 'string', default: '5000000' },
    heavy: { type: 'string', default: '1000000' },
    conversions: { type: 'string', default: '50000' },
  },
});
const [clicks, heavy, conversions] = [values.clicks, values.heavy, values.conversions].map(Number) as [
  number,
  number,
  number,
];
const BURSTS = [0.02, 0.4, 1.3, 3.6, 8.1, 15.5, 22.2, 29.4].map((daysAgo) => ({ daysAgo, clicks: 3_000 }));
const INTERVAL_MINUTES = 15;
/** A cycle is to fall due while the backfill goes on. */
const SOONEST_SLOT_S = 45;
const LATEST_SLOT_S = 95;
const SMALL = 100_000;

const broken: string[] = [];
const line = (what: string, seen: string, isKept = true): void => {
  console.log(`${isKept ? '  ' : '✗ '}${what.padEnd(58)} ${seen}`);
  if (!isKept) broken.push(what);
};
const seconds = (value: number | null): string => (value === null ? 'never' : `${value.toFixed(1)} s`);

await withHub(async (hub) => {
  const small = await memoryOfSmall(hub);
  const ledger = await hub.openLedger({
    ...{ name: 'large', clicks: clicks - heavy - BURSTS.length * 3_000, conversions, bursts: BURSTS },
    heavyDay: { daysAgo: 3, clicks: heavy },
    keitaro: { total: 'missing' },
    // The rows of a click's conversions change its revenue for weeks; what is compared at the end must stand still.
    ...{ statusChangeAfterHoursMin: 5_000, statusChangeAfterHoursMax: 6_000 },
  });
  const control = ledgerControl(ledger.url.replace(/\/large\/keitaro$/, ''), 'large');
  const { id } = await connectBeforeSlot(hub, ledger);
  const startedAt = Date.now();
  await insertWhilePaging(control, startedAt);
  const seen = await watch(hub, control, id, startedAt);
  report(seen, small);
});

console.log(broken.length === 0 ? '\nEvery promise was kept.' : `\nBroken: ${broken.join('; ')}`);
process.exit(broken.length === 0 ? 0 : 1);

/** The most memory that a fresh worker uses for a small tracker; then a fresh worker again. */
async function memoryOfSmall(hub: Hub): Promise<number> {
  const ledger = await hub.openLedger({ name: 'small', clicks: SMALL, conversions: 1_000 });
  const { id } = await connect(hub, ledger, { syncIntervalMinutes: 1_440 });
  let most = 0;
  while ((await hub.api<Connected>(`/trackers/${id}`)).state !== 'synced') {
    most = Math.max(most, memoryOf(hub.pidOf('worker')) ?? 0);
    await sleep(250);
  }
  await hub.api(`/trackers/${id}`, { method: 'DELETE' });
  const pid = hub.pidOf('worker');
  process.kill(pid, 'SIGTERM');
  while (hub.pidOf('worker') === pid || memoryOf(hub.pidOf('worker')) === null) await sleep(200);
  return most;
}

/** Connects, again and again, until the config's own first slot is near: it is hashed from its id. */
async function connectBeforeSlot(hub: Hub, ledger: Parameters<typeof connect>[1]): Promise<Connected> {
  for (let tries = 1; ; tries++) {
    const made = await connect(hub, ledger, { syncIntervalMinutes: INTERVAL_MINUTES }, `large ${tries}`);
    const inMs = slotAfter(made.id, new Date(), INTERVAL_MINUTES * 60_000).getTime() - Date.now();
    if (inMs >= SOONEST_SLOT_S * 1_000 && inMs <= LATEST_SLOT_S * 1_000) return made;
    await hub.api(`/trackers/${made.id}`, { method: 'DELETE' });
  }
}

/** Into the hours that every cycle reads again, and into days that are read later. */
async function insertWhilePaging(control: ReturnType<typeof ledgerControl>, now: number): Promise<void> {
  const at = (hoursAgo: number): string => new Date(now - hoursAgo * 3_600_000).toISOString();
  for (const after of [20, 22, 25, 30])
    await control.overlayAfter(after, { kind: 'addClicks', at: at(0.4), count: 40 });
  for (const after of [40, 60, 80])
    await control.overlayAfter(after, { kind: 'addClicks', at: at(29 * 24), count: 100 });
}

function report(seen: Seen, smallMemory: number): void {
  console.log(
    `\n${clicks.toLocaleString('en')} clicks, ${heavy.toLocaleString('en')} of them in one day, no total on any page\n`,
  );
  line('finished', seconds(seen.seconds));
  line('rows a second', Math.round(seen.rows / seen.seconds).toLocaleString('en'));
  line('clicks and cost equal to the ledger’s', seen.sums.join(' / '), seen.sums[0] === seen.sums[1]);
  line('largest window, rows (60,000)', seen.largestWindow.toLocaleString('en'), seen.largestWindow <= 60_000);
  line('longest window, seconds of work', seconds(seen.longestWindowSeconds));
  line(
    'longest time between two checkpoints seen (30 s)',
    seconds(seen.longestGapSeconds),
    seen.longestGapSeconds <= 30,
  );
  const isFresh = (at: number | null): boolean => at !== null && at <= INTERVAL_MINUTES * 60;
  line('today as the ledger has it, for the first time', seconds(seen.todayEqualAt), isFresh(seen.todayEqualAt));
  line('first cycle in (15 minutes)', seconds(seen.cycleAt), isFresh(seen.cycleAt));
  line('  … although the backfill went on', seen.wasOpenAtCycle ? 'yes' : 'no', seen.wasOpenAtCycle);
  line('percent fell (never)', `${seen.falls} times in ${seen.looks} looks`, seen.falls === 0);
  const { least, most, count, unknown } = seen.eta;
  line(
    'estimate over what it took, from 60 s on (0.5 … 2)',
    `${least.toFixed(2)} … ${most.toFixed(2)} in ${count} looks`,
    least >= 0.5 && most <= 2,
  );
  line('  … unknown', `${unknown} times`, unknown === 0);
  const ratio = seen.memory / smallMemory;
  const told = `${smallMemory.toFixed(0)} MB / ${seen.memory.toFixed(0)} MB = ${ratio.toFixed(2)}`;
  line(
    `worker’s memory, 100,000 / all clicks (1.2; at 100,000: ${seen.memoryAt100k.toFixed(0)} MB)`,
    told,
    ratio <= 1.2,
  );
}

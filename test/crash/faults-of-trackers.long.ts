// What a tracker may answer: the list of its faults over the real thing.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FaultKindInput } from '../../simulator/faults/fault.ts';
import { until } from '../workflows/worker-process.ts';
import { type CheckpointWatch, watchCheckpoints } from './checkpoints-watch.ts';
import { type Connected, type Hub, openHub } from './hub.ts';
import { becomesCurrent, expectAllIsWell, expectNothingWrong } from './invariants.ts';
import { quiet, underWay } from './under-way.ts';

let hub: Hub;
let watch: CheckpointWatch;

beforeAll(async () => {
  hub = await openHub({ workers: 2 });
  watch = watchCheckpoints(hub.db);
});

afterAll(async () => {
  await watch?.stop();
  await hub?.end();
});

/** When the last request was hit by a fault, or the tracker's wait was over. */
async function lastTroubleOf({ ledger }: Connected, waitSeconds = 0): Promise<number> {
  const hit = (await ledger.requests()).filter((request) => request.fault !== null && request.fault !== 'delay');
  return Math.max(0, ...hit.map((request) => Date.parse(request.endedAt ?? request.at))) + waitSeconds * 1_000;
}

const refusal = (status: number, headers: Record<string, string> = {}): FaultKindInput => ({
  ...{ kind: 'status', status, headers },
});

const PASSING: [string, FaultKindInput, { times?: number; waitSeconds?: number }?][] = [
  ['429 with seconds', refusal(429, { 'retry-after': '8' }), { waitSeconds: 8 }],
  ['429 with none', refusal(429), { times: 2 }],
  ['429 with 0', refusal(429, { 'retry-after': '0' })],
  ['503 that asks for a wait', refusal(503, { 'retry-after': '6' }), { waitSeconds: 6, times: 2 }],
  ['a burst of 502', refusal(502), { times: 4 }],
  ['500', refusal(500), { times: 2 }],
  ['HTML with 200', { kind: 'html' }, { times: 2 }],
  ['an empty body', { kind: 'emptyBody' }],
  ['half of the JSON', { kind: 'halfJson' }],
  ['bytes that no text may have', { kind: 'invalidUtf8' }],
  ['a gzip bomb', { kind: 'gzipBomb', megabytes: 100 }],
  ['a page of 100 MB', { kind: 'hugePage', megabytes: 100 }],
  ['a slow drip', { kind: 'slowDrip', bytes: 2_000, everyMs: 100 }],
  ['the page before once more', { kind: 'duplicatedPage' }],
  ['a page backwards', { kind: 'reorderedPage' }],
  ['silence before the answer', { kind: 'hangBeforeHeaders' }],
  ['silence within the answer', { kind: 'hangInBody' }],
  ['a reset', { kind: 'reset', afterBytes: 500 }, { times: 3 }],
];

describe.concurrent('what a tracker answers and gets over', () => {
  test.each(PASSING)('%s', async (_, fault, { times = 1, waitSeconds = 0 } = {}) => {
    const config = await hub.connect();
    const path = '/(clicks|conversions)/log$';
    await config.ledger.addFault({ match: { path, nth: 3, times }, fault });
    await until(
      () => config.ledger.faults(),
      ([rule]) => rule!.fired >= times,
      240_000,
    );
    await sleep(waitSeconds * 1_000);
    // A fault that hangs is over when its call is.
    await until(
      () => config.ledger.requests(),
      (requests) => requests.every((request) => request.fault === null || request.endedAt !== null),
      120_000,
    );
    const lastTroubleAt = await lastTroubleOf(config, waitSeconds);
    const status = fault.kind === 'status' ? fault.status : 0;
    await expectAllIsWell({
      ...{ hub, watch, configs: [config], lastTroubleAt },
      ...(waitSeconds === 0 ? {} : { retryAfter: { [status]: waitSeconds } }),
    });
    await quiet(hub, config);
  });

  test('429 with a date', async () => {
    const config = await hub.connect();
    const at = new Date(Math.ceil(Date.now() / 1_000) * 1_000 + 20_000);
    const fault = refusal(429, { 'retry-after': at.toUTCString() });
    await config.ledger.addFault({ match: { path: '/log$', nth: 3 }, fault });
    await expectAllIsWell({ hub, watch, configs: [config], lastTroubleAt: at.getTime() });
    const requests = await config.ledger.requests();
    const refused = requests.find((request) => request.status === 429)!;
    const later = requests.filter((request) => request.number > refused.number);
    expect(later.filter((request) => Date.parse(request.at) < at.getTime() - 50)).toEqual([]);
    await quiet(hub, config);
  });

  test('rows that come in while it is paged, and a total that lies', async () => {
    const lying = await Promise.all(
      (['tooSmall', 'tooLarge', 'missing', 'text'] as const).map((total) =>
        hub.connect({ keitaro: { maxLimit: 80, total, clickIds: 'large' } }),
      ),
    );
    const [first] = lying;
    const at = new Date(Date.now() - 26 * 3_600_000).toISOString();
    for (const after of [18, 22, 26]) await first!.ledger.overlayAfter(after, { kind: 'addClicks', at, count: 7 });
    for (const config of lying) {
      await becomesCurrent(hub, config.configId, Date.now(), Date.now() + 150_000);
      await expectNothingWrong(hub.db, config);
      await quiet(hub, config);
    }
  });
});

const FOR_A_PERSON: [string, FaultKindInput, string][] = [
  ['401 in the middle', refusal(401), 'auth'],
  ['403 of everything', refusal(403), 'forbidden'],
  ['a redirect to another host', { kind: 'redirect', to: 'http://127.0.0.2:9/elsewhere' }, 'url'],
  ['a Retry-After of a week', refusal(429, { 'retry-after': '604800' }), 'rate_limited'],
];

describe.concurrent('what only a person can mend', () => {
  test.each(FOR_A_PERSON)('%s: shown, and one PATCH brings the config current', async (_, fault, kind) => {
    const config = await underWay(hub);
    await config.ledger.addFault({ match: { times: null }, fault });
    const path = `/api/v1/trackers/${config.configId}`;
    const shown = await until(
      async () => (await hub.ask('GET', path)).json,
      (json) => json.state === 'needs_attention',
      240_000,
    );
    expect(shown.lastError).toMatchObject({ kind, hint: expect.stringMatching(/\S/) });
    const asked = (await config.ledger.requests()).length;
    await sleep(2_000);
    expect((await config.ledger.requests()).length).toBe(asked);
    await config.ledger.clearFaults();
    expect((await hub.ask('PATCH', path, { credentials: { apiKey: config.apiKey } })).status).toBe(200);
    await expectAllIsWell({ hub, watch, configs: [config], lastTroubleAt: Date.now() });
    await quiet(hub, config);
  });
});

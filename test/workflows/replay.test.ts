// Recorded lives replay against today's workflow code: a change that would break running workflows fails here.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { Worker } from '@temporalio/worker';
import { expect, test } from 'vitest';

const FOLDER = join(import.meta.dirname, '..', 'data', 'histories');
const WORKFLOWS = fileURLToPath(new URL('../../src/workflows/index.ts', import.meta.url));
const recorded = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));

const historyOf = (name: string) => historyFromJSON(JSON.parse(readFileSync(join(FOLDER, name), 'utf8')));

test('every recorded history replays', async () => {
  expect(recorded.length).toBeGreaterThanOrEqual(2);
  const histories = recorded.map((name) => ({ workflowId: name, history: historyOf(name) }));
  const replayed: string[] = [];
  for await (const result of Worker.runReplayHistories({ workflowsPath: WORKFLOWS }, histories)) {
    expect(result.error, result.workflowId).toBeUndefined();
    replayed.push(result.workflowId);
  }
  expect(replayed.sort()).toEqual([...recorded].sort());
});

test('a history that the code did not write is noticed', async () => {
  const name = recorded[0]!;
  const history = historyOf(name);
  for (const event of history.events ?? []) {
    const scheduled = event.activityTaskScheduledEventAttributes;
    if (scheduled?.activityType?.name === 'catalog') scheduled.activityType.name = 'reread';
  }
  const results = [];
  for await (const result of Worker.runReplayHistories({ workflowsPath: WORKFLOWS }, [{ workflowId: name, history }]))
    results.push(result);
  expect(results[0]?.error).toBeDefined();
});

// The demo, nothing faked: every face that the simulator has is connected, read and compared; the next start goes on with the same ledgers.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'vitest';
import { faces } from '../../simulator/faces/index.ts';
import { adapterFor } from '../../src/adapters/index.ts';
import { homeOf, launch, processesOf } from './launched.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'main.ts');
const METRICS = ['clicks', 'cost', 'approved', 'pending', 'rejected', 'hold', 'revenue'];

interface Row {
  configId: string;
  type: string;
  metric: string;
  currency: string | null;
  hub: string;
  ledger: string;
  reason: string | null;
}

/** A face may be there before its tracker. */
const shown = faces.filter(({ product }) => adapterFor(product.type) !== undefined);

/** Resources of which a tracker gives its newest rows alone. */
const isGivenWhole = ({ type, metric }: Row): boolean =>
  adapterFor(type)!.logs[metric === 'clicks' || metric === 'cost' ? 'clicks' : 'conversions']?.reachMs === undefined;

describe.skipIf(process.platform !== 'linux')('main.ts demo --check', { timeout: 400_000 }, () => {
  test('agrees with every ledger to the cent, twice', async ({ expect, onTestFinished }) => {
    const home = await homeOf({ onTestFinished });
    const rounds: Row[][] = [];
    for (const round of ['first', 'second']) {
      const demo = launch(home, {}, MAIN, ['demo', '--check']);
      expect(await demo.ended(), `${round}: ${demo.output()}`).toBe(0);
      expect(processesOf(home.dataDir)).toEqual([]);
      expect(demo.output()).toContain('The hub and the ledgers agree to the cent');
      rounds.push(JSON.parse(readFileSync(join(home.dataDir, 'demo.json'), 'utf8')) as Row[]);
    }
    const [first, second] = rounds as [Row[], Row[]];
    expect(first.map(({ type, metric }) => [type, metric])).toEqual(
      shown.flatMap(({ product }) => METRICS.map((metric) => [product.type, metric])),
    );
    for (const row of [...first, ...second].filter(isGivenWhole)) {
      expect([row.hub, row.reason], `${row.type} ${row.metric}`).toEqual([row.ledger, null]);
      expect(row.currency).toBe(['cost', 'revenue'].includes(row.metric) ? 'USD' : null);
    }
    const clicks = first.filter(({ metric }) => metric === 'clicks').map(({ ledger }) => Number(ledger));
    expect(clicks[0]).toBeGreaterThan(190_000);
    expect(Math.min(...clicks)).toBeGreaterThan(15_000);
    // Nothing is connected anew, and what was in the range stays in it.
    expect(second.map(({ configId }) => configId)).toEqual(first.map(({ configId }) => configId));
    for (const [i, row] of first.entries()) {
      if (row.metric === 'clicks' && isGivenWhole(row)) expect(second[i]!.ledger).toBe(row.ledger);
    }
  });
});

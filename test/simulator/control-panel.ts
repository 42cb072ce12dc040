// One ledger in a simulator of its own, its panel and its control, for a test file.
import { ledgerControl } from '../../simulator/client.ts';
import type { HostedOptionsInput } from '../../simulator/options.ts';
import { type Simulator, startSimulator } from '../../simulator/server.ts';
import { panelOf } from './panel.ts';

export const anchorAt = '2026-03-10T12:00:00Z';

/** Small, frozen at its anchor: what a test sees does not depend on when it runs. */
export const small: HostedOptionsInput = { anchorAt, frozenAt: anchorAt, days: 10, clicks: 5000, conversions: 500 };

export async function startPanel(options: HostedOptionsInput = {}) {
  const simulator: Simulator = await startSimulator({ ledgers: [{ ...small, ...options }] });
  const access = simulator.ledgers[0]!;
  return {
    simulator,
    access,
    panel: panelOf(access),
    control: ledgerControl(simulator.address, access.name),
    stop: () => simulator.stop(),
  };
}

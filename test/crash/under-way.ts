// A backfill that is under way when trouble begins, and a config that is of no more interest afterwards.
import type { HostedOptionsInput } from '../../simulator/options.ts';
import { until } from '../workflows/worker-process.ts';
import type { Connected, Hub } from './hub.ts';

/** With some thirty pages to go. */
export async function underWay(hub: Hub, options: HostedOptionsInput = {}): Promise<Connected> {
  const config = await hub.connect(options);
  await until(
    () => config.ledger.requests(),
    (requests) => requests.length >= 16,
  );
  return config;
}

/** Its cycles must not take time from the tests that follow. */
export async function quiet(hub: Hub, { configId }: Connected): Promise<void> {
  await hub.ask('POST', `/api/v1/trackers/${configId}/pause`);
}

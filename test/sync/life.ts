// A connected account that lives on a clock of its own, as the API connects it: rests pass at once, the ledger's clock goes along.
import { randomUUID } from 'node:crypto';
import { addressOf, ledgerControl, openLedger } from '../../simulator/client.ts';
import type { HostedOptionsInput } from '../../simulator/options.ts';
import { adapterFor } from '../../src/adapters/index.ts';
import { declaredResources } from '../../src/api/tracker-config.ts';
import type { JsonObject } from '../../src/core/resources.ts';
import { statusMeaning } from '../../src/core/statuses.ts';
import { configState } from '../../src/store/config-state.ts';
import { changeConfig } from '../../src/store/configs-change.ts';
import { createConfig } from '../../src/store/configs-create.ts';
import { canaryKey } from '../leaks/canary.ts';
import { activitiesOf, type Ground, STILL } from './ground.ts';

export interface LifeOptions {
  type?: string;
  ledger?: HostedOptionsInput;
  settings?: object;
  credentials?(apiKey: string): Record<string, string>;
}

/** @param face the name of the face that is connected; of the tracker, too, unless told otherwise */
export async function openLife(ground: Ground, face: string, options: LifeOptions = {}) {
  let now = Date.now();
  const { type = face } = options;
  const adapter = adapterFor(type)!;
  const setClock = () => ledger.setClock({ freezeAt: new Date(now).toISOString() });
  const access = await openLedger(ground.simulator, {
    ...{ name: `l-${randomUUID().slice(0, 8)}`, apiKey: canaryKey(), ...STILL },
    ...{ clicks: 1_500, conversions: 150, days: 2, growthPerDay: 2_000, anchorAt: new Date(now).toISOString() },
    ...options.ledger,
  });
  const ledger = ledgerControl(ground.simulator, access.name);
  await setClock();
  const wanted = { backfillDays: 2, syncIntervalMinutes: 15, callsPerMinute: 0, ...options.settings };
  const credentials = options.credentials?.(access.apiKey) ?? { apiKey: access.apiKey };
  const statuses = Object.entries(adapter.statuses).map(([raw, entry]) => [raw, statusMeaning(entry)]);
  const { configId } = await ground.db.transaction().execute((tx) =>
    createConfig(
      tx,
      ground.vault,
      {
        ...{
          organizationId: ground.organizationId,
          type,
          name: access.name,
          url: addressOf(access, face),
          credentials,
        },
        settings: adapter.settings.parse(wanted) as unknown as JsonObject,
        credentialHints: Object.fromEntries(Object.keys(credentials).map((name) => [name, null])),
        ...{ resources: declaredResources(adapter), statuses: Object.fromEntries(statuses) },
      },
      null,
    ),
  );
  const activities = activitiesOf({ ...ground.deps, clock: () => new Date(now) });
  return {
    ...{ configId, ledger, activities, now: () => now },
    config: () =>
      ground.db
        .selectFrom('tracker_config')
        .selectAll()
        .select(configState.as('state'))
        .where('id', '=', configId)
        .executeTakeFirstOrThrow(),
    resource: (name: string) =>
      ground.db
        .selectFrom('tracker_resource')
        .selectAll()
        .where('tracker_config_id', '=', configId)
        .where('resource', '=', name)
        .executeTakeFirstOrThrow(),
    change: (settings: object) =>
      ground.db.transaction().execute((tx) => {
        const parsed = adapter.settings.parse({ ...wanted, ...settings });
        return changeConfig(tx, ground.vault, configId, { settings: parsed as unknown as JsonObject });
      }),
    /** What it would do in this time, rests and all. */
    async live(ms: number): Promise<void> {
      const end = now + ms;
      for (let steps = 0; steps < 600; steps++) {
        await setClock();
        const step = await activities.plan(configId);
        if (step.kind === 'work') await activities[step.work](configId);
        else if (step.kind === 'gone' || step.until === null || Date.parse(step.until) > end) break;
        else now = Math.max(now + 1_000, Date.parse(step.until));
      }
      now = end;
      await setClock();
    },
  };
}

export type Life = Awaited<ReturnType<typeof openLife>>;

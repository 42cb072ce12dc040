// The re-read that a check asks for: of each day only the log that differs, of conversions only the days they came in on.
import type { Kysely } from 'kysely';
import { type CampaignDay, rangeOfDay, startOfDay } from '../core/reconciliation.ts';
import type { LogResource } from '../core/resources.ts';
import type { Range } from '../core/windows.ts';
import type { Database } from './db.ts';
import { conversionsByWeek } from './plan-windows.ts';
import { type Counting, postbackDays } from './reconciliation-ours.ts';
import { addRun } from './runs.ts';
import type { SyncConfig } from './sync-state.ts';
import { type PlannedWindow, planWindows } from './windows.ts';

export interface WantedReread {
  day: string;
  hasClicks: boolean;
  /** Whose conversions differ although we have as many. */
  conversionsOf: CampaignDay[];
  /** The tracker has conversions of the day's clicks that we have not: they came in at any time since. */
  lacksConversions: boolean;
}

export interface WhatIsRead {
  /** The range that was compared. */
  clicks: Range;
  /** Null where their log is not asked for now. */
  conversionsTo: Date | null;
  bookedBy: Counting['bookedBy'];
}

/** @returns the run, null where nothing is to be read */
export async function planReread(
  tx: Kysely<Database>,
  config: SyncConfig,
  wanted: readonly WantedReread[],
  read: WhatIsRead,
): Promise<string | null> {
  const windows = [...clickWindows(wanted, read.clicks), ...(await conversionWindows(tx, config, wanted, read))];
  if (windows.length === 0) return null;
  const times = windows.flatMap(({ range }) => [range.from.getTime(), range.to.getTime()]);
  const resources = [...new Set(windows.map(({ resource }): LogResource => resource))];
  const range = { from: new Date(Math.min(...times)), to: new Date(Math.max(...times)) };
  const runId = await addRun(tx, config, { kind: 'reread', resources, range });
  if (runId !== null)
    await planWindows(tx, { id: runId, configId: config.id, organizationId: config.organization_id }, windows);
  return runId;
}

function clickWindows(wanted: readonly WantedReread[], compared: Range): PlannedWindow[] {
  return wanted
    .filter(({ hasClicks }) => hasClicks)
    .flatMap(({ day }) => {
      const range = rangeOfDay(day, compared);
      return range === null ? [] : [{ resource: 'clicks', range, isFresh: false } as const];
    });
}

async function conversionWindows(
  tx: Kysely<Database>,
  config: SyncConfig,
  wanted: readonly WantedReread[],
  { clicks, conversionsTo, bookedBy }: WhatIsRead,
): Promise<PlannedWindow[]> {
  if (conversionsTo === null) return [];
  const lacking = wanted.filter(({ lacksConversions }) => lacksConversions).map(({ day }) => startOfDay(day).getTime());
  const onward = new Date(Math.max(Math.min(conversionsTo.getTime(), ...lacking), clicks.from.getTime()));
  const places = wanted.flatMap(({ conversionsOf }) => conversionsOf);
  const days = await postbackDays(tx, config, clicks, { bookedBy, conversionsTo }, places);
  const single = days.flatMap((day): PlannedWindow[] => {
    const range = rangeOfDay(day, { from: clicks.from, to: onward });
    return range === null ? [] : [{ resource: 'conversions', range, isFresh: false }];
  });
  return [...conversionsByWeek({ from: onward, to: conversionsTo }), ...single];
}

// Compares days with the tracker's own totals, keeps what differs, and asks for a re-read of just that.
import { pullTotals, type TotalsAnswer } from '../adapters/pull-totals.ts';
import { add } from '../core/decimal.ts';
import { type CampaignDay, dayOf, dueCheck, type Figures, keyOf, NO_FIGURES } from '../core/reconciliation.ts';
import { type ClickDay, clicksAround, suspectDays, zoneApartMs, zoneReason } from '../core/reconciliation-zone.ts';
import { MINUTE_MS } from '../core/windows.ts';
import { checkFactsOf } from '../store/plan.ts';
import { planReread } from '../store/plan-rereads.ts';
import * as store from '../store/reconciliation.ts';
import { accountCurrency, clicksByQuarter, hasUnbookedConversions, ourFigures } from '../store/reconciliation-ours.ts';
import { awaitResource, noteResourceRead, readResources } from '../store/resource-state.ts';
import { noteProgress } from '../store/sync-state.ts';
import { setAside } from '../store/unreadable.ts';
import { holdConfig } from '../store/windows.ts';
import { type Comparison, compareDays, type Sides } from './compare-days.ts';
import { lateConversions } from './late-conversions.ts';
import { patiently } from './patient-report.ts';
import { type CheckPlan, planCheck } from './plan-check.ts';
import type { Slice } from './slice.ts';

/** Their clock may be ahead of ours: what has come in by then is asked for, and nothing is from the future. */
const CLOCKS_APART_MS = 10 * MINUTE_MS;

/** The check that is due; one that follows a re-read looks at its days again. */
export async function reconcile(slice: Slice): Promise<void> {
  const { config, about } = slice;
  const { db } = slice.deps;
  const states = await readResources(db, config.id);
  const records = await store.readDays(db, config.id);
  const plan = planCheck(slice, states, records);
  if (plan === null) return noteNothingToCompare(slice);
  await awaitResource(db, config, 'totals');
  about.resource = 'totals';
  const variant = states.get('totals')?.variant ?? null;
  await patiently(slice, (patient) => compare(patient, plan, records, variant));
}

async function compare(
  slice: Slice,
  plan: CheckPlan,
  records: Map<string, store.DayRecord>,
  variant: string | null,
): Promise<void> {
  const { config, deps, session } = slice;
  const { db } = deps;
  const answer = await pullTotals(session, plan.range, variant);
  const found = {
    ...{ plan, records, theirs: theirFigures(answer), isWhole: answer.unreadable.length === 0 },
    ours: await ourFigures(db, config, plan.range, plan.counting),
    currency: accountCurrency(config),
    before: await store.readFigures(db, config.id, plan.days),
    served: plan.rereadId === null ? null : await store.readServed(db, config.id, plan.rereadId),
    withoutClicks: plan.hasNoClicks
      ? { hasUnbooked: await hasUnbookedConversions(db, config, plan.range, plan.counting) }
      : null,
    hasRecentClicksOnly: slice.adapter.logs.clicks?.reachMs !== undefined,
  };
  const sides = { ...found, zone: await zoneOf(slice, found) };
  const first = compareDays({ ...sides, late: new Map() });
  const comparison = first.hasOtherConversions ? compareDays({ ...sides, late: await lateOf(slice, plan) }) : first;
  await save(slice, plan, answer, comparison);
}

/** Looked for only where nearly all of the latest days differ: those that this check compares, and those of checks before. */
async function zoneOf({ config, deps }: Slice, found: Omit<Sides, 'late' | 'zone'>): Promise<string | null> {
  const { plan, isWhole, hasRecentClicksOnly } = found;
  if (plan.hasNoClicks || hasRecentClicksOnly || !isWhole) return null;
  const now = clickDaysOf(found);
  if (now.every(({ ours, theirs }) => ours === theirs)) return null;
  const earlier = (await store.readClickDays(deps.db, config.id)).filter(({ day }) => !plan.days.includes(day));
  const days = suspectDays([...now, ...earlier], plan.kept);
  if (days.length === 0) return null;
  const apartMs = zoneApartMs(days, await clicksByQuarter(deps.db, config, clicksAround(days)));
  return apartMs === null ? null : zoneReason(apartMs);
}

function clickDaysOf({ plan, ours, theirs }: Pick<Sides, 'plan' | 'ours' | 'theirs'>): ClickDay[] {
  const sums = new Map(plan.days.map((day) => [day, { day, ours: 0, theirs: 0 }]));
  for (const { day, figures } of ours.values()) if (sums.has(day)) sums.get(day)!.ours += Number(figures.clicks);
  for (const { day, figures } of theirs.values()) if (sums.has(day)) sums.get(day)!.theirs += Number(figures.clicks);
  return [...sums.values()];
}

/** Nothing is due any more, or nothing can be compared: looked at again when the next check is due. */
async function noteNothingToCompare({ deps, config }: Slice): Promise<void> {
  const due = dueCheck(checkFactsOf(config));
  if (due === null) return;
  const { freshAt } = checkFactsOf(config);
  const check = { at: deps.clock(), freshAt, isOfAllDays: due === 'all', rereadId: null };
  await deps.db.transaction().execute((tx) => store.noteCheck(tx, config, check));
}

/** By `keyOf`; a day and campaign that came in several rows is their sum. */
function theirFigures({ totals }: TotalsAnswer): Map<string, CampaignDay & { figures: Figures }> {
  const theirs = new Map<string, CampaignDay & { figures: Figures }>();
  for (const { day, campaignExternalId, clicks, conversions, cost, revenue } of totals) {
    const place = { day, campaign: campaignExternalId ?? '' };
    const before = theirs.get(keyOf(place))?.figures ?? NO_FIGURES;
    const figures = {
      ...{ clicks: add(before.clicks, String(clicks)), conversions: add(before.conversions, String(conversions)) },
      ...{ cost: add(before.cost, cost), revenue: add(before.revenue, revenue) },
    };
    theirs.set(keyOf(place), { ...place, figures });
  }
  return theirs;
}

async function lateOf(slice: Slice, plan: CheckPlan): Promise<Map<string, Figures> | null> {
  if (plan.logs.conversions === null) return null;
  const to = new Date(slice.deps.clock().getTime() + CLOCKS_APART_MS);
  const window = { from: plan.counting.conversionsTo, to };
  return lateConversions(slice, plan.range, window, plan.logs.conversions.variant, plan.counting);
}

async function save(slice: Slice, plan: CheckPlan, answer: TotalsAnswer, comparison: Comparison): Promise<void> {
  const { config, deps } = slice;
  const { changed, vanished, wanted } = comparison;
  await deps.db.transaction().execute(async (tx) => {
    await holdConfig(tx, config.id);
    const read = {
      clicks: plan.range,
      conversionsTo: plan.logs.conversions === null ? null : plan.counting.conversionsTo,
      bookedBy: plan.counting.bookedBy,
    };
    const rereadId = await planReread(tx, config, wanted, read);
    const { freshAt } = checkFactsOf(config);
    await store.noteCheck(tx, config, { at: plan.at, freshAt, isOfAllDays: plan.isOfAllDays, rereadId });
    await store.saveFigures(tx, config, changed);
    await store.dropFigures(tx, config, vanished);
    await store.saveDays(
      tx,
      config,
      plan.at,
      rereadId === null ? comparison.days : begun(comparison, rereadId, plan.at),
    );
    const owner = { configId: config.id, organizationId: config.organization_id, runId: null };
    await setAside(tx, owner, 'totals', answer.unreadable);
    await noteResourceRead(tx, config, 'totals', { inserted: 0, variant: answer.variant, at: deps.clock() });
    await noteProgress(tx, config.id);
  });
}

function begun({ days, wanted }: Comparison, rereadRunId: string, at: Date): store.DayRecord[] {
  const today = dayOf(at);
  return days.map((record) =>
    wanted.some(({ day }) => day === record.day)
      ? {
          ...record,
          ...{ rereadRunId, rereadOn: today },
          rereadsOnDay: record.rereadOn === today ? record.rereadsOnDay + 1 : 1,
        }
      : record,
  );
}

// Care for all configs at once, started by Schedules: lost wakes are sent again, old rows go, keys are swept, sums are made anew.
import { activities } from './activity-options.ts';

export async function reconcileFleet(): Promise<void> {
  await activities.wakeOverdue();
}

export async function keepHouse(): Promise<void> {
  await activities.keepHouse();
}

export async function cleanSums(): Promise<void> {
  await activities.cleanSums();
}

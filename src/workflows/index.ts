// What the worker bundles: every workflow by its name.
export { cleanSums, keepHouse, reconcileFleet } from './fleet.ts';
export { trackerSync } from './tracker-sync.ts';

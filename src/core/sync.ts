// The names that the API, the workflows and the activities share about a sync: ids, signals, states, steps.

export const TASK_QUEUE = 'tracker-sync';
export const SYNC_WORKFLOW = 'trackerSync';
/** Something has changed: look again at once, whatever is going on. */
export const WAKE_SIGNAL = 'wake';
/** Something seems overdue: look again, unless there is work under way or waiting for its turn. */
export const NUDGE_SIGNAL = 'nudge';

const WORKFLOW_ID_PREFIX = 'tracker-sync/';
export const syncWorkflowId = (configId: string): string => `${WORKFLOW_ID_PREFIX}${configId}`;

export const CONFIG_STATES = [
  'pending',
  'syncing',
  'synced',
  'pausing',
  'paused',
  'needs_attention',
  'deleting',
] as const;
export type ConfigState = (typeof CONFIG_STATES)[number];

export const RUN_KINDS = ['backfill', 'cycle', 'reread', 'resync', 'catalog'] as const;
export type RunKind = (typeof RUN_KINDS)[number];
export const RUN_STATES = ['queued', 'running', 'done', 'failed', 'cancelled'] as const;
export type RunState = (typeof RUN_STATES)[number];

/** What the workflow is given: ids only, never a secret. */
export interface TrackerSyncInput {
  configId: string;
}

/** What the workflow sees of a config, for its search attributes and details. */
export interface ConfigFacts {
  trackerType: string;
  organizationId: string;
  state: ConfigState;
  lastErrorKind: string | null;
  /** The search attributes that the namespace has: setting one that it lacks would block the workflow for ever. */
  attributes: readonly string[];
}

/** Search attributes of a sync workflow, all of them keywords. */
export const SEARCH_ATTRIBUTES = ['TrackerType', 'OrganizationId', 'SyncState', 'LastErrorKind'] as const;
export type SearchAttribute = (typeof SEARCH_ATTRIBUTES)[number];

/** Work for one activity. A quick cycle is short, and done where the workflow is: most cycles find little or nothing. */
export type WorkKind = 'catalog' | 'backfill' | 'quickCycle' | 'cycle' | 'reconcile' | 'reread' | 'resync' | 'delete';

/**
 * What a config needs next, decided from the database alone.
 * `work`: one slice. `rest`: nothing until `until` (null: until woken), then `due`. `gone`: the config is no more.
 */
export type Step =
  | { kind: 'work'; work: WorkKind; facts: ConfigFacts; details: string }
  | { kind: 'rest'; until: string | null; due: WorkKind | null; facts: ConfigFacts; details: string }
  | { kind: 'gone' };

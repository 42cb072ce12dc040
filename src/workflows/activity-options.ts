// How the workflow calls its activities: the one place for their time-outs and retries.
import { ActivityCancellationType, proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';

/**
 * Retries are for crashes and our own database only: what a tracker answers is an outcome, not an exception. A slice
 * reads for 20 s and may end with one call of 90 s.
 */
export const activities = proxyActivities<Activities>({
  startToCloseTimeout: '4 minutes',
  heartbeatTimeout: '15 seconds',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 seconds' },
});

/** Done by the worker that has the workflow in hand, without a task of its own; what fails is left to the ordinary way. */
export const localActivities = proxyLocalActivities<Activities>({
  startToCloseTimeout: '4 minutes',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: { maximumAttempts: 1 },
});

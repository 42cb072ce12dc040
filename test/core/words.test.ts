// The domain's words: what a status means, and who has to act on which kind of trouble.
import { expect, test } from 'vitest';
import { ERROR_KINDS, needsPerson, TrackerError } from '../../src/core/errors.ts';
import { statusMeaning } from '../../src/core/statuses.ts';
import { syncWorkflowId } from '../../src/core/sync.ts';

test('a status entry is a word, or a word with a mark', () => {
  expect(statusMeaning('approved')).toEqual({ status: 'approved', reversed: false });
  expect(statusMeaning({ status: 'rejected' })).toEqual({ status: 'rejected', reversed: false });
  expect(statusMeaning({ status: 'rejected', reversed: true })).toEqual({ status: 'rejected', reversed: true });
});

test('a person is asked for what no waiting mends, and for nothing else', () => {
  expect(ERROR_KINDS.filter(needsPerson)).toEqual(['auth', 'plan', 'forbidden', 'url', 'vault']);
});

test('trouble carries its kind, and details that are told only where known', () => {
  const trouble = new TrackerError('rate_limited', '429', { status: 429, retryAfterMs: 1_000 });
  expect(trouble).toMatchObject({ name: 'TrackerError', kind: 'rate_limited', message: '429' });
  expect(new TrackerError('dns', 'ENOTFOUND').details).toEqual({});
});

test('a workflow is found by its config', () => {
  expect(syncWorkflowId('7')).toBe('tracker-sync/7');
});

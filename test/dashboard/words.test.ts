// Nothing of the audit log is told in names of ours.
import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { actionWords } from '../../src/dashboard/pages/audit-log/words.ts';

const SUBJECTS = 'session|password|two_factor|tracker|user|api_key|organization|view|ads|rates|invitation|sign_in';

test('whatever people do has words', () => {
  const api = globSync('src/api/*.ts').map((name) => readFileSync(name, 'utf8'));
  const actions = api.flatMap((text) =>
    [...text.matchAll(new RegExp(`'((?:${SUBJECTS})\\.[a-z_]+)'`, 'g'))].map(([, one]) => one!),
  );
  expect(actions.length).toBeGreaterThan(20);
  expect(actions.filter((action) => actionWords(action) === action)).toEqual([]);
});

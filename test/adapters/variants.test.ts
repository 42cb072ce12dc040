// Which way of asking a log is kept: one refusal is no proof, two in a row are.
import { expect, test } from 'vitest';
import type { Adapter } from '../../src/adapters/adapter.ts';
import { askLogPage } from '../../src/adapters/pull-log.ts';
import type { Session } from '../../src/adapters/session.ts';
import { TrackerError } from '../../src/core/errors.ts';

const window = { from: new Date('2026-01-01T00:00:00Z'), to: new Date('2026-01-02T00:00:00Z') };

/** A log with two ways of asking; of the asks, told by their path, the listed ones are refused. */
async function askedWith(
  remembered: string | null,
  isRefused: (path: string, ask: number) => boolean,
  { status = 400, lacks }: { status?: number; lacks?: 'keys' | 'words' } = {},
) {
  const asked: string[] = [];
  const request = (path: string) => ({ request: () => ({ method: 'GET', path }) });
  const source = {
    paging: { style: 'offset', limit: 10, maxLimit: 10 },
    variants: { full: request('full'), small: { ...request('small'), lacks } },
    items: () => [],
    total: () => 0,
    timeOf: () => window.from,
  };
  const session = {
    adapter: { title: 'Test', logs: { clicks: source } } as unknown as Adapter,
    connection: { settings: { currency: 'USD', timezone: 'UTC' } },
    secrets: [],
    call: async ({ path }: { path: string }) => {
      asked.push(path);
      if (isRefused(path, asked.length)) throw new TrackerError('bad_answer', 'refused', { status });
      return {};
    },
  } as unknown as Session;
  const variant = await askLogPage(session, 'clicks', window, null, remembered).then(
    (answer) => answer.variant,
    (error: unknown) => error,
  );
  return { asked, variant };
}

test.each([400, 406, 422])('one %i leaves the remembered way in place', async (status) => {
  const { asked, variant } = await askedWith('full', (_path, ask) => ask === 1, { status });
  expect({ asked, variant }).toEqual({ asked: ['full', 'full'], variant: 'full' });
});

test('two refusals in a row decide for another way', async () => {
  const { asked, variant } = await askedWith('full', (path) => path === 'full');
  expect({ asked, variant }).toEqual({ asked: ['full', 'full', 'small'], variant: 'small' });
});

test('with nothing remembered one refusal is enough to try the next', async () => {
  const { asked, variant } = await askedWith(null, (path) => path === 'full');
  expect({ asked, variant }).toEqual({ asked: ['full', 'small'], variant: 'small' });
});

test('all refused: told, after the remembered way was asked twice', async () => {
  const { asked, variant } = await askedWith('small', () => true);
  expect(asked).toEqual(['small', 'small', 'full']);
  expect(variant).toBeInstanceOf(TrackerError);
});

test.each(['keys', 'words'] as const)(
  'a way that lacks %s is found at the beginning, never fallen to later',
  async (lacks) => {
    const first = await askedWith(null, (path) => path === 'full', { lacks });
    expect(first).toEqual({ asked: ['full', 'small'], variant: 'small' });
    const later = await askedWith('full', (path) => path === 'full', { lacks });
    expect(later.asked).toEqual(['full', 'full']);
    expect(later.variant).toMatchObject({ details: { status: 400 } });
  },
);

test('a way that lacks words makes room for a fuller one; one whose rows may have other keys does not', async () => {
  const words = await askedWith('small', (path) => path === 'small', { lacks: 'words' });
  expect(words).toEqual({ asked: ['small', 'small', 'full'], variant: 'full' });
  const keys = await askedWith('small', (path) => path === 'small', { lacks: 'keys' });
  expect([keys.asked, keys.variant]).toEqual([['small', 'small'], expect.any(TrackerError)]);
});

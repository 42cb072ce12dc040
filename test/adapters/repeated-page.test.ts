// A page that comes twice is known by its rows, also where their money has changed in between.
import { expect, test } from 'vitest';
import type { Http } from '../../src/adapters/http.ts';
import { keitaro } from '../../src/adapters/keitaro.ts';
import { askLogPage } from '../../src/adapters/pull-log.ts';
import { openSession } from '../../src/adapters/session.ts';

const WINDOW = { from: new Date('2026-11-01T00:00:00Z'), to: new Date('2026-11-02T00:00:00Z') };
const row = (id: string, minute: number, cost: string) => ({
  ...{ sub_id: id, cost, campaign_id: '1' },
  datetime: `2026-11-01 10:${String(minute).padStart(2, '0')}:00`,
});

function answering(pages: object[][]) {
  const call: Http['call'] = async () => ({ status: 200, body: { rows: pages.shift() ?? [], total: 4 } as never });
  const connection = { url: 'https://a.example', credentials: {}, settings: { currency: 'USD', timezone: 'UTC' } };
  return openSession(keitaro, connection, { http: { call, close: async () => {} }, onCall: () => {} });
}

const second = async (pages: object[][]) => {
  const session = answering(pages);
  const first = await askLogPage(session, 'clicks', WINDOW, null, null);
  return askLogPage(session, 'clicks', WINDOW, first.next, first.variant);
};

const FIRST = [row('a', 1, '0.1'), row('b', 2, '0.2')];

test('with another cost it is the same page', async () => {
  const again = [row('a', 1, '0.15'), row('b', 2, '0.25')];
  await expect(second([FIRST, again])).rejects.toMatchObject({
    kind: 'bad_answer',
    message: 'the same page came twice',
  });
});

test.each([
  ['last', [FIRST[0]!, row('b', 2, '0.2')], [...FIRST, row('c', 3, '0.3')]],
  ['first', [row('b', 2, '0.2'), row('c', 3, '0.3')], [...FIRST, row('c', 3, '0.3')]],
])('without its %s row the first time it is the same page', async (_, cut, whole) => {
  await expect(second([cut, whole])).rejects.toMatchObject({ message: 'the same page came twice' });
});

test('the rest behind rows that came in meanwhile is another page, though it ends as the one before', async () => {
  const { items } = await second([
    [row('a', 1, '0.1'), row('b', 2, '0.2'), row('c', 3, '0.3')],
    [row('b', 2, '0.2'), row('c', 3, '0.3')],
  ]);
  expect(items).toHaveLength(2);
});

test('other rows of the same second are another page', async () => {
  const { items } = await second([FIRST, [row('c', 2, '0.2'), row('d', 2, '0.2')]]);
  expect(items).toHaveLength(2);
});

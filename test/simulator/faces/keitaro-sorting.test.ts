// The logs in other orders than their own, and filtered: the same rows, no more and no fewer.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startPanel } from '../control-panel.ts';
import type { LogQuery } from '../panel.ts';

let fake: Awaited<ReturnType<typeof startPanel>>;
beforeAll(async () => {
  fake = await startPanel();
});
afterAll(() => fake.stop());

describe('sorting and filtering', () => {
  const window = { from: '2026-03-04 00:00:00', to: '2026-03-04 23:59:59' };

  test('descending pages are the ascending list backwards', async () => {
    for (const log of ['clicks', 'conversions'] as const) {
      const query = { ...window, columns: ['sub_id', 'datetime'], limit: 37 };
      const ascending = await fake.panel.all(log, query);
      const backwards: LogQuery = {
        ...query,
        sort: [
          { name: 'datetime', order: 'DESC' },
          { name: 'sub_id', order: 'DESC' },
        ],
      };
      expect((await fake.panel.page(log, backwards)).rows).toHaveLength(Math.min(37, ascending.length));
      const descending = await fake.panel.all(log, backwards);
      expect(ascending.length).toBeGreaterThan(30);
      expect(descending).toEqual(ascending.toReversed());
    }
  });

  test('other columns sort too', async () => {
    const rows = await fake.panel.all('clicks', {
      ...window,
      columns: ['country_code', 'cost'],
      sort: [
        { name: 'country_code', order: 'DESC' },
        { name: 'cost', order: 'ASC' },
      ],
    });
    const key = (row: (typeof rows)[number]) => [String(row.country_code), -Number(row.cost)] as const;
    for (const [position, row] of rows.slice(1).entries()) {
      const [before, here] = [key(rows[position]!), key(row)];
      expect(before[0] > here[0] || (before[0] === here[0] && before[1] >= here[1])).toBe(true);
    }
  });

  test('filters leave the rows that match, in pages with their own total', async () => {
    const all = await fake.panel.all('clicks', { ...window, columns: ['sub_id', 'campaign_id', 'country_code'] });
    const wanted = all.filter((row) => row.campaign_id === 2 && ['DE', 'US'].includes(String(row.country_code)));
    const filters = [
      { name: 'campaign_id', operator: 'EQUALS', expression: 2 },
      { name: 'country_code', operator: 'IN_LIST', expression: ['DE', 'US'] },
    ];
    const query = { ...window, columns: ['sub_id', 'campaign_id', 'country_code'], filters, limit: 5 };
    expect(wanted.length).toBeGreaterThan(5);
    expect(await fake.panel.all('clicks', query)).toEqual(wanted);
    expect((await fake.panel.page('clicks', query)).total).toBe(wanted.length);
  });
});

// What an adapter declares, before any call: guards for its pagings, how well things are known, what its form says.
import { describe, expect, test } from 'vitest';
import type { Adapter } from '../../../src/adapters/adapter.ts';
import type { LogPaging } from '../../../src/adapters/paging.ts';
import type { Listing } from '../../../src/adapters/sources.ts';
import type { CatalogResource, LogResource } from '../../../src/core/resources.ts';

/** Pagings end by a declared guard. */
const isGuarded = (paging: LogPaging): boolean =>
  paging.style === 'whole' || (Number.isSafeInteger(paging.maxPages) && paging.maxPages > 0 && paging.limit > 0);

export function checkDeclared(adapter: Adapter): void {
  const catalog = Object.keys(adapter.catalog) as CatalogResource[];
  const logs = Object.keys(adapter.logs) as LogResource[];
  describe(`${adapter.title} declares`, () => {
    test('a guard for every paging, and evidence for every resource', () => {
      const listings: readonly Listing[] = [
        adapter.test,
        ...catalog.flatMap((name) => adapter.catalog[name]!.listings),
      ];
      const pagings = [...listings.map(({ paging }) => paging), ...logs.map((name) => adapter.logs[name]!.paging)];
      expect(pagings.filter((paging) => !isGuarded(paging))).toEqual([]);
      const sources = [...catalog.map((name) => adapter.catalog[name]), ...logs.map((name) => adapter.logs[name])];
      for (const source of sources) expect(['documented', 'observed', 'assumed']).toContain(source?.evidence);
    });

    test('statuses in lower case, with canonical meanings', () => {
      for (const [raw, meaning] of Object.entries(adapter.statuses)) {
        expect(raw).toBe(raw.toLowerCase());
        const status = typeof meaning === 'string' ? meaning : meaning.status;
        expect(['approved', 'pending', 'rejected', 'hold']).toContain(status);
      }
    });

    test('a title and a description for every credential, and which of them are secret', () => {
      for (const field of Object.values(adapter.credentials.shape)) {
        expect(field.meta()).toMatchObject({ title: expect.any(String), description: expect.any(String) });
      }
    });
  });
}

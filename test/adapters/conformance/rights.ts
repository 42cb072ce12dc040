// A key that may not read one resource: the test says which, and all the others are readable.
import { expect } from 'vitest';
import { testConnection } from '../../../src/adapters/test-connection.ts';
import type { Resource } from '../../../src/core/resources.ts';
import type { Checks } from './checks.ts';
import { ANCHOR, type ReadFace } from './face.ts';

const NAMES: Record<Resource, string> = {
  ...{ campaigns: 'campaigns', offers: 'offers', landing_pages: 'landing pages', flows: 'flows' },
  ...{ traffic_sources: 'traffic sources', affiliate_networks: 'affiliate networks' },
  ...{ clicks: 'click log', conversions: 'conversions', totals: 'daily totals' },
};

export function checkRights({ check }: Checks, { subject, http, ledger, access }: ReadFace): void {
  const { adapter } = subject;
  const declared = [...Object.keys(adapter.catalog), ...Object.keys(adapter.logs)] as Resource[];
  if (adapter.totals !== undefined) declared.push('totals');
  // Campaigns are what most keys are tried on.
  for (const resource of declared.filter((name) => name !== 'campaigns')) {
    check(`no rights: ${resource}`, async () => {
      const connection = subject.connect(access(), true);
      const face = new URL(connection.url).pathname.split('/').at(-1)!;
      await ledger().change({ [face]: { deny: { [resource]: 403 } } });
      const result = await testConnection(adapter, connection, {
        ...{ http: http(), onCall: () => {}, now: new Date(ANCHOR) },
      });
      await ledger().change({ [face]: { deny: {} } });
      expect(result).toMatchObject({ ok: true, message: `Key accepted. Not readable: ${NAMES[resource]}.` });
      if (!result.ok) return;
      const refused = result.checks.filter(({ ok }) => !ok);
      expect(refused).toEqual([{ resource, ok: false, count: null, message: expect.stringMatching(/^(403|refused)/) }]);
      expect(result.checks.map((one) => one.resource).sort()).toEqual([...declared].sort());
    });
  }
}

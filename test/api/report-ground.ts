// A database with a week of clicks and conversions whose sums are worked out by hand, and the question of a report.
import { expect } from 'vitest';
import { type Harness, startHarness } from './harness.ts';
import { seedCampaign, seedClicks, seedConfig, seedConversions } from './seed.ts';

export interface ReportGround {
  api: Harness;
  /** In dollars, and in euros. */
  config: string;
  euro: string;
  /** A campaign of `config`. */
  alpha: string;
  // biome-ignore lint/suspicious/noExplicitAny: reports of every shape
  report(query: string): Promise<any>;
}

/** The week that the rows lie in. */
export const RANGE = 'from=2026-11-01T00:00:00Z&to=2026-11-08T00:00:00Z';

export async function startReportGround(): Promise<ReportGround> {
  const api = await startHarness();
  const { organizationId } = api.ours;
  const config = await seedConfig(api.db, organizationId, {
    name: 'Dollars',
    last_synced_at: new Date(),
    first_synced_at: new Date(),
  });
  const euro = await seedConfig(api.db, organizationId, {
    name: 'Euros',
    settings: JSON.stringify({ currency: 'EUR' }),
  });
  const owner = { configId: config, organizationId };
  const alpha = await seedCampaign(api.db, owner, '1', { name: 'Alpha' });
  await seedCampaign(api.db, owner, '2', { name: 'Beta' });
  const click = (external_id: string, clicked_at: string, campaign: string, given: object = {}) => ({
    ...{ external_id, clicked_at, campaign_external_id: campaign, cost: '0.10' },
    ...given,
  });
  await seedClicks(api.db, owner, [
    click('a1', '2026-11-01T23:30:00Z', '1', { is_unique: true, device_type: 'mobile', sub_ids: '{"3":"ad-1"}' }),
    click('a2', '2026-11-02T00:30:00Z', '1', { is_bot: true, landing_clicked: true, country: 'DE' }),
    click('a3', '2026-11-02T10:00:00Z', '1', { cost: '0.123456789' }),
    click('b1', '2026-11-03T10:00:00Z', '2', { cost: '1.00', device_type: 'desktop' }),
    click('n1', '2026-11-03T11:00:00Z', '', { campaign_external_id: null, cost: null }),
    click('d1', '2026-11-03T11:00:00Z', '1', { is_derived: true, cost: '99' }),
    // The week before.
    click('p1', '2026-10-26T00:30:00Z', '1', { cost: '0.50' }),
  ]);
  await seedConversions(api.db, owner, [
    {
      ...{ click_external_id: 'a1', clicked_at: '2026-11-01T23:30:00Z', converted_at: '2026-11-05T00:00:00Z' },
      ...{ raw_status: 'sale', revenue: '10.10', campaign_external_id: '1' },
    },
    {
      ...{ click_external_id: 'a2', converted_at: '2026-11-05T01:00:00Z', raw_status: 'Lead', revenue: '0.20' },
      ...{ campaign_external_id: '1' },
    },
    {
      ...{ converted_at: '2026-11-03T12:00:00Z', raw_status: 'rejected', revenue: '7', campaign_external_id: '2' },
    },
    { converted_at: '2026-11-03T12:30:00Z', raw_status: 'chargeback', revenue: '-7', campaign_external_id: '2' },
    { converted_at: '2026-11-03T13:00:00Z', raw_status: 'hold', revenue: '3', campaign_external_id: '2' },
  ]);
  await seedClicks(api.db, { configId: euro, organizationId }, [
    { clicked_at: '2026-11-02T00:00:00Z', cost: '2', currency: null, campaign_external_id: '1' },
  ]);
  return {
    ...{ api, config, euro, alpha },
    async report(query) {
      const { status, json } = await api.ask('GET', `/api/v1/reports?${query}`);
      expect(status, JSON.stringify(json)).toBe(200);
      return json;
    },
  };
}

// biome-ignore lint/suspicious/noExplicitAny: rows of every shape
export const rowsBy = (rows: any[], key: (row: any) => string, value: (row: any) => unknown) =>
  Object.fromEntries(rows.map((row) => [key(row), value(row)]));

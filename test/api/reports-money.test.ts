// Reports in one currency by the rates that were given; and reports as CSV.
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { RANGE, type ReportGround, startReportGround } from './report-ground.ts';

let ground: ReportGround;
let report: ReportGround['report'];

beforeAll(async () => {
  ground = await startReportGround();
  ({ report } = ground);
});
afterAll(() => ground.api.end());
beforeEach(async () => {
  await sql`delete from currency_rate`.execute(ground.api.db);
});

const rate = (base: string, currency: string, day: string, value: string) =>
  sql`insert into currency_rate (organization_id, base, currency, day, rate)
    values (${ground.api.ours.organizationId}, ${base}, ${currency}, ${day}, ${value})`.execute(ground.api.db);

describe('in one currency', () => {
  test('by the day’s rate, or by the inverse of the other way’s', async () => {
    const own = await report(RANGE);
    const euros = own.totals.find(({ currency }: { currency: string }) => currency === 'EUR');
    expect(euros.cost).toBe('2');
    await rate('EUR', 'USD', '2026-11-01', '1.25');
    const { totals, rates } = await report(`${RANGE}&currency=USD`);
    expect(totals).toMatchObject([{ currency: 'USD', clicks: 6, cost: '3.823457', revenue: '13.3' }]);
    expect(rates).toMatchObject({ currency: 'USD', missing: [] });
    const inEuros = await report(`${RANGE}&currency=EUR&groupBy=day&sort=day`);
    expect(inEuros.totals).toMatchObject([{ currency: 'EUR', revenue: '10.64' }]);
    const sum = inEuros.rows.reduce((all: number, { revenue }: { revenue: string }) => all + Number(revenue), 0);
    expect(sum).toBeCloseTo(10.64, 6);
  });

  test('by two rates of a third', async () => {
    await rate('GBP', 'USD', '2026-11-01', '1.5');
    await rate('GBP', 'EUR', '2026-11-01', '1.2');
    const { totals } = await report(`${RANGE}&currency=USD`);
    expect(totals).toMatchObject([{ currency: 'USD', cost: '3.823457' }]);
  });

  test('a rate that is too old is none: its money stands by itself, and is told', async () => {
    await rate('EUR', 'USD', '2026-10-20', '1.25');
    const { totals, rows, rates } = await report(`${RANGE}&currency=USD`);
    expect(totals.map(({ currency, cost }: Record<string, string>) => [currency, cost])).toEqual([
      ['EUR', '2'],
      ['USD', '1.323457'],
    ]);
    expect(rows).toHaveLength(2);
    expect(rates.missing).toMatchObject([{ currency: 'EUR', days: 1 }]);
    await rate('EUR', 'USD', '-infinity', '1.25');
    expect((await report(`${RANGE}&currency=USD`)).rates).toMatchObject({ missing: [], oldestDays: 0 });
  });

  test('the age of the oldest rate is told', async () => {
    await rate('EUR', 'USD', '2026-10-30', '1.25');
    const { rates } = await report(`${RANGE}&currency=USD`);
    expect(rates.missing).toEqual([]);
    expect(rates.oldestDays).toBeGreaterThan(0);
    expect(rates.oldestDays).toBeLessThanOrEqual(7);
  });
});

test('as CSV: names, ids, numbers, what is folded and the period before', async () => {
  const query = `${RANGE}&configId=${ground.config}&groupBy=campaign,day&top=1&compare=previous`;
  const { status, text, headers } = await ground.api.ask('GET', `/api/v1/reports?${query}`, {
    headers: { accept: 'text/csv' },
  });
  expect([status, headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8']);
  const [head, ...lines] = text.trim().split('\r\n');
  expect(head).toBe(
    'campaign,campaignExternalId,day,isRest,currency,clicks,uniqueClicks,botClicks,landingClicks,approved,pending,rejected,hold,reversed,revenue,approvedRevenue,cost,conversions,profit,roi,cr,epc,previousClicks,previousUniqueClicks,previousBotClicks,previousLandingClicks,previousApproved,previousPending,previousRejected,previousHold,previousReversed,previousRevenue,previousApprovedRevenue,previousCost,previousConversions,previousProfit,previousRoi,previousCr,previousEpc',
  );
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatch(/^Alpha,1,2026-11-01,false,USD,1,/);
  expect(lines[1]).toMatch(/^,,,true,USD,4,/);
});

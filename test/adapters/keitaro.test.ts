// Keitaro conforms in every installation that is known: its generations, and the quirks that were seen.

import type { KeitaroOptionsInput } from '../../simulator/faces/keitaro/options.ts';
import type { LedgerAccess } from '../../simulator/hosted-ledgers.ts';
import { keitaro } from '../../src/adapters/keitaro.ts';
import { NOTHING_PROMISED } from './conformance/checks.ts';
import { conformance, type Face } from './conformance.ts';
import type { Told } from './truth-records.ts';

const face = (name: string, options: KeitaroOptionsInput, tells?: Face['tells']): Face => ({
  name,
  options: { keitaro: options },
  ...(tells === undefined ? {} : { tells }),
});

const without = (record: object, ...fields: string[]): Told =>
  Object.fromEntries(Object.entries(record).filter(([field]) => !fields.includes(field)));

/** v11 does not tell what a status was before. */
const events: Face['tells'] = (record) => without(record, 'isReversal');
const eventsWithoutClickTime: Face['tells'] = (record) =>
  'convertedAt' in record ? without(record, 'isReversal', 'clickedAt') : record;

/** The few columns that a client was seen to use. */
const fewColumns: Face['tells'] = (record) =>
  'convertedAt' in record
    ? {
        convertedAt: record.convertedAt,
        clickedAt: record.clickedAt,
        rawStatus: record.rawStatus,
        revenue: record.revenue,
      }
    : {
        ...{ externalId: record.externalId, clickedAt: record.clickedAt },
        ...{ campaignExternalId: record.campaignExternalId, cost: null, subIds: onlyFirst(record.subIds) },
      };

const onlyFirst = (subIds: Record<string, string>): Record<string, string> =>
  subIds[1] === undefined ? {} : { 1: subIds[1] };

conformance({
  adapter: keitaro,
  connect: ({ url, apiKey }: LedgerAccess, isRight: boolean) => ({
    ...{ url, credentials: { apiKey: isRight ? apiKey : 'some-other-key-0123456789' } },
    settings: { currency: 'USD', timezone: 'UTC' },
  }),
  logPaths: { clicks: '/clicks/log', conversions: '/conversions/log' },
  faces: [
    face('classic, pages of at most 100', { maxLimit: 100 }),
    face('ids, money and totals as text, flags as 0 and 1, dates as objects', {
      ...{
        ids: 'text',
        money: 'text',
        total: 'text',
        booleans: 'int',
        dates: 'object',
        parameters: 'text',
        maxLimit: 200,
      },
    }),
    {
      ...face('an old one: 15 sub-ids, no totals, campaigns in one list', {
        ...{ subIds: 15, clickIds: 'int', total: 'missing', campaignsHonourLimit: false, maxLimit: 200 },
      }),
      skips: NOTHING_PROMISED,
    },
    {
      ...face('totals that tell too little', { total: 'tooSmall', parameters: 'textInText', maxLimit: 150 }),
      skips: NOTHING_PROMISED,
    },
    face('totals that tell too much', { total: 'tooLarge', clickIds: 'large', maxLimit: 150 }),
    face('v11 with all columns', { build: 'v11', maxLimit: 200 }, events),
    face('v11 without click times', { build: 'v11', omitsClickDatetime: true, maxLimit: 200 }, eventsWithoutClickTime),
    face('v11 with 15 sub-ids', { build: 'v11', subIds: 15, maxLimit: 200 }, events),
    face('v11 with few columns', { build: 'v11', v11Columns: 'confirmed', reportWords: 'dimensions' }, fewColumns),
  ],
});

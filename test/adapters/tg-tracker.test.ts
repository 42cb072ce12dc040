// TG Tracker conforms in both shapes that are simulated: the plain contract, and the AlterCPA family by settings alone.
import type { TgOptionsInput } from '../../simulator/faces/tg/options.ts';
import type { LedgerAccess } from '../../simulator/hosted-ledgers.ts';
import { tgTracker } from '../../src/adapters/tg-tracker.ts';
import { NOTHING_PROMISED } from './conformance/checks.ts';
import { conformance, type Face } from './conformance.ts';
import { connectionTo, type TgFace, tells } from './tg-faces.ts';

const WRONG_KEY = 'some-other-key-0123456789';

const connect = (face: TgFace) => (access: LedgerAccess, isRight: boolean) =>
  connectionTo(access, face, face === 'tg_tracker' ? { pageSize: 100 } : {}, isRight ? access.apiKey : WRONG_KEY);

const face = (name: string, on: TgFace, options: TgOptionsInput): Face => ({
  ...{ name, options: { [on]: options }, tells: tells(on) },
});

const hasGap = {
  skips: {
    'clicks: an empty page in the middle: for good': 'two empty pages one after the other are the end',
    'conversions: an empty page in the middle: for good': 'two empty pages one after the other are the end',
    'a total that lies, times 0': 'only a total tells that there is more behind its empty page',
  },
};

const plain = (name: string, options: TgOptionsInput) => face(name, 'tg_tracker', options);

conformance({
  adapter: tgTracker,
  connect: connect('tg_tracker'),
  wrongKey: /^40[13] \(Wrong API key\)$/,
  logPaths: { clicks: '/api/v1/clicks', conversions: '/api/v1/conversions' },
  faces: [
    plain('the plain contract', {}),
    plain('ids, money and totals as text, Unix times, `items`', {
      ...{ ids: 'text', money: 'text', total: 'text', times: 'unix', lists: 'items' },
    }),
    {
      ...plain('bare lists of fewer rows than asked, times without a zone, 403 for a bad key', {
        ...{ lists: 'array', maxPageSize: 40, times: 'wall', badKeyStatus: 403 },
      }),
      skips: NOTHING_PROMISED,
    },
    { ...plain('no totals', { total: 'missing' }), skips: NOTHING_PROMISED },
    { ...plain('totals that tell too little', { total: 'tooSmall', maxPageSize: 60 }), skips: NOTHING_PROMISED },
    plain('totals that tell too much', { total: 'tooLarge' }),
    { ...plain('an empty page in the middle', { emptyPage: 2 }), ...hasGap },
  ],
});

conformance({
  adapter: tgTracker,
  connect: connect('altercpa'),
  wrongKey: /^refused \(key\)$/,
  logPaths: { clicks: '/clicks/list', conversions: '/leads/list' },
  faces: [
    face('AlterCPA', 'altercpa', {}),
    {
      ...face('AlterCPA, no totals', 'altercpa', { total: 'missing', money: 'text', ids: 'text' }),
      skips: NOTHING_PROMISED,
    },
    { ...face('AlterCPA, an empty page in the middle', 'altercpa', { emptyPage: 2 }), ...hasGap },
  ],
});

// Voluum conforms, with either login and however its reports are cut short.
import type { VoluumOptionsInput } from '../../simulator/faces/voluum/options.ts';
import { voluum } from '../../src/adapters/voluum.ts';
import { NOTHING_PROMISED } from './conformance/checks.ts';
import { conformance, type Face } from './conformance.ts';
import { byAccessKey, byEmail, connectionTo, STILL, tells } from './voluum-face.ts';

const WRONG = 'some-other-key-0123456789';

const face = (name: string, options: VoluumOptionsInput = {}): Face => ({
  ...{ name, options: { ...STILL, voluum: options }, tells },
});

const subject = {
  adapter: voluum,
  skips: {
    'clicks: an empty page in the middle: for good':
      'a campaign has one page: two empty ones are all of its visits, until a cycle reads them',
    'no rights: totals': 'the same report tells which campaigns have visits: without it, no clicks either',
  },
  wrongKey: /^401 \(BAD_CREDENTIALS \(webRequestId req-[0-9a-f]{20}\)\)$/,
  logPaths: { clicks: '/report/live/visits/', conversions: '/report/conversions' },
} as const;

conformance({
  ...subject,
  connect: (access, isRight) => connectionTo(access, byAccessKey(isRight ? access.apiKey : WRONG)),
  faces: [
    face('by access key'),
    face('pages cut to 70 rows in silence, bare lists', { maxRows: 70, envelope: 'array' }),
    face('no columns by name, few live visits at a time, totals as text', {
      ...{ knowsNamedColumns: false, maxLiveLimit: 1_000, total: 'text', envelope: 'other' },
    }),
    { ...face('totals that tell too little', { total: 'tooSmall', maxRows: 90 }), skips: NOTHING_PROMISED },
    face('totals that tell too much', { total: 'tooLarge' }),
    face('offers paid in another currency than the account has', { offerCurrency: 'PLN' }),
  ],
});

conformance({
  ...subject,
  connect: (access, isRight) => connectionTo(access, byEmail(isRight ? access.apiKey : WRONG)),
  // Where there is no such path, the other login is tried.
  wrongHostCalls: 2,
  faces: [
    face('by e-mail'),
    face('by e-mail at the path of access keys', { emailLogin: 'access' }),
    face('by e-mail where the other path allows no POST', { emailLogin: 'access405' }),
  ],
});

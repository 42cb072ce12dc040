// Adding a tracker takes a file and a line: a made-up one conforms as the others do.

import { NOTHING_PROMISED } from './conformance/checks.ts';
import { conformance } from './conformance.ts';
import { seventh } from './seventh.ts';
import { seventhFace } from './seventh-face.ts';
import type { Tells } from './truth-records.ts';

/** Neither what a click earned, nor whether it was a bot's; a conversion by its own id, without its click's time. */
const tells: Tells = (record, row) => {
  if (!('convertedAt' in record && 'tid' in row))
    return { ...record, revenue: null, isBot: null, isUnique: null, landingClicked: null };
  const rawStatus = seventhFace.product.word!(row.status, {} as never);
  return { ...record, externalId: String(row.id), rawStatus, clickedAt: null, isReversal: false };
};

conformance({
  adapter: seventh,
  simulated: seventhFace,
  connect: ({ url, apiKey }, isRight) => ({
    url: url.replace(/[^/]+$/, seventhFace.name),
    credentials: { secretKey: isRight ? apiKey : 'some-other-key-0123456789' },
    settings: { currency: 'USD', timezone: 'UTC' },
  }),
  logPaths: { clicks: '/search/clicks', conversions: '/search/conversions' },
  skips: {
    'no rights': 'its face knows one key, which may read everything',
    ...NOTHING_PROMISED,
  },
  faces: [{ name: 'as it is', options: {}, tells }],
});

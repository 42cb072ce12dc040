// Voluum, API of api.voluum.com: a token for four hours, reports in whole hours, live visits instead of a click log.
import { z } from 'zod';
import type { Json } from '../core/resources.ts';
import type { StatusMap } from '../core/statuses.ts';
import { HOUR_MS, MINUTE_MS } from '../core/windows.ts';
import { defineAdapter, type Refusal } from './adapter.ts';
import { isObject, text } from './reading.ts';
import { trackerSettings } from './settings.ts';
import { voluumCatalog } from './voluum-catalog.ts';
import { voluumLogs, voluumTotals } from './voluum-reports.ts';
import { errorWords } from './voluum-values.ts';
import { zonedTime } from './zoned-time.ts';

/** Conversions have types, not statuses, and all of them count: a type's name means this until somebody says otherwise. */
const STATUSES: StatusMap = { '': 'approved' };

const credential = (title: string, description: string, secret?: 'key' | 'password') =>
  z
    .string()
    .trim()
    .max(500)
    .optional()
    .meta({ title, description, ...(secret === undefined ? {} : { secret }) });

const isPair = (one: string | undefined, other: string | undefined): boolean => !!one && !!other;

/** A dead token is told with 200. */
const refusal = (body: Json): Refusal | null => {
  if (!isObject(body)) return null;
  if (body.alive === false) return { kind: 'auth', said: 'the session is not alive' };
  const said = errorWords(body);
  if (said === null) return null;
  return { kind: SLOW_DOWN.some((word) => said.includes(word)) ? 'rate_limited' : 'refused', said };
};

const SLOW_DOWN = ['NUMBER_OF_REQUEST_FOR_IP_EXCEEDED'];

export const voluum = defineAdapter({
  type: 'voluum',
  title: 'Voluum',
  mark: { letters: 'Vo', color: '#17b897' },
  docsUrl: 'https://developers.voluum.com/',
  credentials: z
    .strictObject({
      accessId: credential(
        'Access ID',
        'In Voluum: Settings → Security → Access keys. Goes with its access key.',
        'key',
      ),
      accessKey: credential('Access key', 'The key that was shown when the access ID was made.', 'password'),
      email: credential('E-mail', 'Instead of an access key: the address that you sign in with.'),
      password: credential('Password', 'The password that goes with the e-mail address.', 'password'),
    })
    .refine(({ accessId, accessKey, email, password }) => isPair(accessId, accessKey) || isPair(email, password), {
      message: 'an access ID with its key, or an e-mail address with its password',
    }),
  settings: trackerSettings.extend({
    conversionTime: z.enum(['postback', 'visit']).default('postback').meta({
      title: 'Conversion time',
      description: "As Voluum's general settings have it: the time by which its reports count conversions.",
    }),
  }),
  url: { isRequired: false, default: 'https://api.voluum.com', apiPath: '' },
  auth: [
    {
      style: 'token',
      name: 'cwauth-token',
      logins: [
        { credentials: ['email', 'password'], paths: ['/auth/session', '/auth/access/session'] },
        { credentials: ['accessId', 'accessKey'], paths: ['/auth/access/session'] },
      ],
      tokenOf: (body) => {
        const value = isObject(body) ? text(body.token) : null;
        const expiresAt = isObject(body) ? zonedTime(body.expirationTimestamp, 'UTC') : null;
        return value === null || expiresAt === null ? null : { value, expiresAt };
      },
      lifeMs: 4 * HOUR_MS,
      renewBeforeMs: 30 * MINUTE_MS,
    },
  ],
  test: {
    request: () => ({ method: 'GET', path: '/auth/session' }),
    paging: { style: 'whole' },
    items: (body) => (isObject(body) && body.alive === true ? [] : null),
  },
  catalog: voluumCatalog,
  logs: voluumLogs,
  totals: voluumTotals,
  withSettings: ({ conversionTime }) =>
    conversionTime === 'visit' ? {} : { totals: { ...voluumTotals, bookedBy: 'postback' } },
  refusal,
  errorWords,
  slowDownWords: SLOW_DOWN,
  // A gentle one a second on the whole, with room for a cycle's few calls at once; 15 a second is what was once published.
  limits: {
    of: 'account',
    concurrentRequests: 2,
    rates: [
      { calls: 8, perMs: 1_000 },
      { calls: 60, perMs: MINUTE_MS },
    ],
  },
  statuses: STATUSES,
  otherStatuses: 'approved',
});

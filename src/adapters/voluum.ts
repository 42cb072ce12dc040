// Voluum, API of api.voluum.com: a token for four hours, reports in whole hours, live visits instead of a click log.
import { z } from 'zod';
import type { Json, JsonObject } from '../core/resources.ts';
import type { StatusMap } from '../core/statuses.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, type Range } from '../core/windows.ts';
import {
  defineAdapter,
  type LogVariant,
  type PageAsk,
  type Refusal,
  type TotalsSource,
  type TrackerRequest,
} from './adapter.ts';
import { decimal, isObject, listUnder, orZero, required, requiredCount, requiredDay, text } from './reading.ts';
import { trackerSettings } from './settings.ts';
import { voluumCatalog } from './voluum-catalog.ts';
import {
  CONVERSION_COLUMNS,
  clickOfConversion,
  mapConversion,
  mapVisit,
  postbackTime,
  visitTime,
} from './voluum-logs.ts';
import { errorWords, told, totalRows } from './voluum-values.ts';
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

const utc = (time: Date): string => `${time.toISOString().slice(0, 19)}Z`;

/** A report of whole hours in UTC; pages are cut to a hundred rows where no limit is sent. */
const report = (
  path: string,
  { from, to }: Range,
  { limit, offset }: PageAsk,
  query: Record<string, string | readonly string[]>,
): TrackerRequest => ({
  method: 'GET',
  path,
  query: { from: utc(from), to: utc(to), tz: 'Etc/GMT', limit, offset, ...query },
});

const PAGES = { style: 'offset', limit: 10_000, maxPages: 2_000, onRepeat: 'fail' } as const;

const conversions = (columns: readonly string[]): LogVariant => ({
  request: (window, page) =>
    report('/report/conversions', window, page, { sort: 'postbackTimestamp', direction: 'ASC', columns }),
});

/** The latest rows of one campaign: the more the better, as far as the account gives them. */
const liveVisits = (limit: number): LogVariant => ({
  request: (_window, _page, campaignId) => ({
    method: 'GET',
    path: `/report/live/visits/${encodeURIComponent(campaignId ?? '')}`,
    query: { limit, tz: 'Etc/GMT' },
  }),
});

/** A dead token is told with 200. */
const refusal = (body: Json): Refusal | null => {
  if (!isObject(body)) return null;
  if (body.alive === false) return { kind: 'auth', said: 'the session is not alive' };
  const said = errorWords(body);
  if (said === null) return null;
  return { kind: SLOW_DOWN.some((word) => said.includes(word)) ? 'rate_limited' : 'refused', said };
};

const SLOW_DOWN = ['NUMBER_OF_REQUEST_FOR_IP_EXCEEDED'];

const TOTALS: TotalsSource = {
  evidence: 'documented',
  note: "Of whole days, conversions and revenue are compared: by the postback's day or the visit's, as the settings say.",
  wholeDays: true,
  grainMs: HOUR_MS,
  paging: PAGES,
  total: totalRows,
  variants: {
    days: {
      request: (window, page) =>
        report('/report', window, page, {
          ...{ groupBy: ['day', 'campaign'], columns: ['visits', 'conversions', 'revenue', 'cost'] },
        }),
    },
  },
  items: listUnder('rows'),
  map: (row) => ({
    day: requiredDay(dayOf(row), 'day'),
    campaignExternalId: told(row.campaignId),
    clicks: requiredCount(orZero(row.visits), 'visits'),
    conversions: requiredCount(orZero(row.conversions), 'conversions'),
    revenue: required(decimal(orZero(row.revenue), 'revenue'), 'revenue'),
    cost: required(decimal(orZero(row.cost), 'cost'), 'cost'),
  }),
  uncounted: [],
  withoutRevenue: [],
};

/** The day alone, or with the time at which it begins. */
const dayOf = ({ day }: JsonObject): string | null => text(day)?.slice(0, 10) ?? null;

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
  logs: {
    clicks: {
      evidence: 'observed',
      note: 'Recent clicks only: the latest visits of each campaign with traffic. Of older ones those with a conversion are known, as derived clicks.',
      grainMs: HOUR_MS,
      marginMs: 0,
      unordered: true,
      reachMs: DAY_MS,
      parents: {
        request: (window, page) => report('/report', window, page, { groupBy: 'campaign', include: 'TRAFFIC' }),
        paging: PAGES,
        items: listUnder('rows'),
        total: totalRows,
        idOf: (row) => told(row.campaignId),
      },
      paging: { style: 'whole' },
      variants: {
        'latest 10,000': liveVisits(10_000),
        'latest 1,000': liveVisits(1_000),
        'latest 100': liveVisits(100),
      },
      items: listUnder('rows'),
      total: () => null,
      timeOf: visitTime,
      map: mapVisit,
    },
    conversions: {
      evidence: 'observed',
      note: 'By the time of the postback. A correction is a row of its own.',
      grainMs: HOUR_MS,
      marginMs: 0,
      numbersTwins: true,
      paging: PAGES,
      variants: { named: conversions(CONVERSION_COLUMNS), 'default columns': conversions([]) },
      items: listUnder('rows'),
      total: totalRows,
      timeOf: postbackTime,
      map: mapConversion,
      clickOf: clickOfConversion,
    },
  },
  totals: TOTALS,
  withSettings: ({ conversionTime }) =>
    conversionTime === 'visit' ? {} : { totals: { ...TOTALS, bookedBy: 'postback' } },
  refusal,
  errorWords,
  slowDownWords: SLOW_DOWN,
  limits: { concurrentRequests: 2 },
  statuses: STATUSES,
  otherStatuses: 'approved',
});

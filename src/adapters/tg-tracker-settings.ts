// All that may be told of a TG Tracker: nothing of its API is public, so every assumption can be replaced.
import { z } from 'zod';
import { CATALOG_RESOURCES, LOG_RESOURCES } from '../core/resources.ts';
import { trackerSettings } from './settings.ts';

const SUB_IDS = Array.from({ length: 30 }, (_, i) => `sub${i + 1}` as `sub${number}`);
const ENTRY = ['id', 'name', 'title', 'status', 'created_at', 'updated_at'] as const;
const ROUTE = ['campaign_id', 'offer_id', 'landing_id', 'flow_id', 'source_id', 'network_id'] as const;

/** The fields that are read of each resource, by the names that are assumed. */
export const FIELDS = {
  campaigns: [...ENTRY, 'source_id', 'currency'],
  offers: [...ENTRY, 'url', 'network_id', 'payout', 'currency', 'country'],
  landing_pages: [...ENTRY, 'url'],
  flows: [...ENTRY, 'campaign_id'],
  traffic_sources: [...ENTRY, 'postback_url'],
  affiliate_networks: [...ENTRY, 'postback_url'],
  clicks: [
    ...['id', 'created_at', 'time', ...ROUTE, 'country', 'region', 'city', 'device', 'os', 'browser', 'ip'],
    ...['referer', 'cost', 'currency', ...SUB_IDS],
  ],
  conversions: [
    ...['id', 'click_id', 'status', 'payout', 'revenue', 'currency', 'created_at', 'time', 'updated_at', 'type'],
    ...['transaction_id', ...ROUTE, 'country', ...SUB_IDS],
  ],
} as const satisfies Record<string, readonly string[]>;

const parameter = z.string().regex(/^[\w.[\]-]{1,60}$/, 'the name of a query parameter, e.g. per_page');
const field = z
  .string()
  .max(200)
  .regex(/^[^.\s]+(\.[^.\s]+)*$/, 'the name of a field, e.g. data, or meta.total within another');

const fieldNames = (resource: keyof typeof FIELDS) => z.partialRecord(z.enum(FIELDS[resource]), field).optional();
const fields = Object.fromEntries(
  [...CATALOG_RESOURCES, ...LOG_RESOURCES].map((resource) => [resource, fieldNames(resource)]),
);

/** What each parameter is called where nobody says otherwise. */
const parametersOf = (settings: {
  paging?: 'page' | 'offset' | undefined;
  pageParam?: string | undefined;
  pageSizeParam?: string | undefined;
  fromParam?: string | undefined;
  toParam?: string | undefined;
}) => ({
  pageParam: settings.pageParam ?? settings.paging ?? 'page',
  pageSizeParam: settings.pageSizeParam ?? 'per_page',
  fromParam: settings.fromParam ?? 'from',
  toParam: settings.toParam ?? 'to',
});

export const tgTrackerSettings = trackerSettings
  .extend({
    paging: z
      .enum(['page', 'offset'])
      .default('page')
      .meta({ title: 'Paging', description: 'By pages, counted from 1, or by the rows before, counted from 0.' }),
    pageParam: parameter
      .optional()
      .meta({ title: 'Page parameter', description: '`page` or `offset`, as the paging is.' }),
    pageSizeParam: parameter.optional().meta({ title: 'Page size parameter', description: '`per_page`.' }),
    pageSize: z
      .int()
      .min(10)
      .max(10_000)
      .optional()
      .meta({ title: 'Rows a page', description: '500 in lists, 1000 in logs.' }),
    fromParam: parameter.optional().meta({ title: 'Start parameter', description: '`from`, for logs.' }),
    toParam: parameter.optional().meta({ title: 'End parameter', description: '`to`, for logs.' }),
    timeFormat: z
      .enum(['iso', 'unix'])
      .default('iso')
      .meta({ title: 'Times', description: 'ISO 8601, or seconds since 1970. Both are understood in rows.' }),
    itemsField: field
      .optional()
      .meta({ title: 'Field of the items', description: '`data` or `items`, or a bare list; dots reach inside.' }),
    totalField: field
      .optional()
      .meta({ title: 'Field of the total', description: '`meta.total` or `total`; dots reach inside.' }),
    fields: z
      .strictObject(fields)
      .optional()
      .meta({ title: 'Fields', description: 'By resource: fields that have another name. Dots reach inside.' }),
  })
  .superRefine((settings, context) => {
    const taken = new Map<string, string>();
    for (const [setting, name] of Object.entries(parametersOf(settings))) {
      const other = taken.get(name);
      if (other !== undefined)
        context.addIssue({ code: 'custom', path: [setting], message: `is ${name}, and so is ${other}` });
      taken.set(name, setting);
    }
  });

export interface TgTrackerNames extends ReturnType<typeof parametersOf> {
  paging: 'page' | 'offset';
  pageSize: number | undefined;
  timeFormat: 'iso' | 'unix';
  itemsField: string | undefined;
  totalField: string | undefined;
  fields: Partial<Record<string, Readonly<Partial<Record<string, string>>>>>;
  paths: z.output<typeof trackerSettings>['paths'];
  currency: string;
  timezone: string;
}

/** The settings with every default filled in. */
export function namesOf(settings: object): TgTrackerNames {
  const {
    paging,
    pageSize,
    timeFormat,
    itemsField,
    totalField,
    fields = {},
    paths,
    currency,
    timezone,
    ...asked
  } = tgTrackerSettings.parse(settings);
  return {
    ...parametersOf({ ...asked, paging }),
    ...{ paging, pageSize, timeFormat, itemsField, totalField, fields, paths, currency, timezone },
  };
}

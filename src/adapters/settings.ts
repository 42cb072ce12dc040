// The settings that every tracker has; a tracker with more extends this schema.
import { z } from 'zod';
import { RESOURCES } from '../core/resources.ts';
import type { Adapter, ConnectionSettings } from './adapter.ts';

const isTimeZone = (zone: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }) !== null;
  } catch {
    return false;
  }
};

/** No address of its own, no fragment, and nothing that a URL cannot hold. */
const PATH = /^(?![a-z][a-z0-9+.-]*:)[^\s#\\]+$/i;

export const trackerSettings = z.strictObject({
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'three capital letters, e.g. USD')
    .default('USD')
    .meta({ title: 'Currency', description: 'Of the amounts, where the tracker does not name it.' }),
  timezone: z
    .string()
    .refine(isTimeZone, 'an IANA time zone, e.g. Europe/Berlin')
    .default('UTC')
    .meta({ title: 'Time zone', description: "The account's, where the tracker cannot be asked for UTC." }),
  backfillDays: z
    .int()
    .min(1)
    .max(90)
    .default(30)
    .meta({ title: 'Days of history', description: 'How far back the first sync reads.' }),
  syncIntervalMinutes: z
    .int()
    .min(1)
    .max(1440)
    .default(15)
    .meta({ title: 'Sync every … minutes', description: 'How often new rows are read.' }),
  callsPerMinute: z.int().min(0).max(600).optional().meta({
    title: 'Calls a minute',
    description: 'Where the tracker allows your account another rate than the usual one. 0: as many as it answers.',
  }),
  paths: z
    .partialRecord(z.enum(RESOURCES), z.string().max(500).regex(PATH, 'a path such as /stats/leads or leads'))
    .optional()
    .meta({
      title: 'Paths',
      description:
        "Another path for a resource whose own is only assumed. With a slash before it, it counts from the tracker's address; without, from its API.",
    }),
});

export type TrackerSettings = z.infer<typeof trackerSettings>;

/**
 * A connection's settings as its adapter understands them, the tracker's own ones included.
 * @throws ZodError for settings that are none
 */
export function settingsOf(adapter: Pick<Adapter, 'settings'>, stored: unknown): ConnectionSettings {
  // Every adapter's schema extends the shared one.
  return adapter.settings.parse(stored ?? {}) as unknown as ConnectionSettings;
}

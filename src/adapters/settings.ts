// The settings that every tracker has; a tracker with more extends this schema.
import { z } from 'zod';

const isTimeZone = (zone: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }) !== null;
  } catch {
    return false;
  }
};

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
  paths: z
    .record(z.string(), z.string().startsWith('/'))
    .optional()
    .meta({ title: 'Paths', description: 'Another path for a resource whose own is only assumed.' }),
});

export type TrackerSettings = z.infer<typeof trackerSettings>;

// TG Tracker: no description of its API is public. A plain contract of our own, all of it assumed, all of it overridable.
import { z } from 'zod';
import type { Json } from '../core/resources.ts';
import type { StatusMap } from '../core/statuses.ts';
import { defineAdapter, type Refusal } from './adapter.ts';
import { meaningOf } from './meaning.ts';
import { isObject, text } from './reading.ts';
import { contract } from './tg-tracker-contract.ts';
import { tgTrackerSettings } from './tg-tracker-settings.ts';

const STATUSES: StatusMap = {
  wait: 'pending',
  hold: 'hold',
  approve: 'approved',
  approved: 'approved',
  cancel: 'rejected',
  declined: 'rejected',
  rejected: 'rejected',
  trash: 'rejected',
};

export const tgTracker = defineAdapter({
  type: 'tg_tracker',
  title: 'TG Tracker',
  mark: { letters: 'Tg', color: '#229ed9' },
  // The nearest public description: trackers of this family are the settings' worked example.
  docsUrl: 'https://docs.altercpa.top/en/api/',
  docsOf: 'AlterCPA',
  credentials: z.strictObject({
    apiKey: z.string().trim().min(1).max(500).meta({
      title: 'API key',
      description: "As the tracker's own API page shows it, without the word Bearer.",
      secret: 'key',
    }),
  }),
  settings: tgTrackerSettings,
  url: { isRequired: true, default: null, apiPath: '/api/v1' },
  auth: [{ style: 'header', name: 'Authorization', credential: 'apiKey', prefix: 'Bearer ' }],
  ...contract({ currency: 'USD', timezone: 'UTC' }),
  withSettings: contract,
  refusal,
  badKeyStatuses: [403],
  limits: { of: 'installation', concurrentRequests: 2 },
  statuses: STATUSES,
});

/** Some answer 200 to everything, and tell in the body what it was. */
function refusal(body: Json): Refusal | null {
  if (!isObject(body)) return null;
  const { error, message } = body;
  const hasError = text(error) !== null && error !== false && error !== 0;
  const isRefused = /^error$/i.test(text(body.status) ?? '') || body.success === false || body.ok === false;
  if (!hasError && !isRefused) return null;
  const said = (hasError ? text(isObject(error) ? (error.message ?? error) : error) : text(message)) ?? 'error';
  return { kind: meaningOf(said), said };
}

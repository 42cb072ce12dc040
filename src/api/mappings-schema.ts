// How mappings look: what is shown of them, and what can be said.
import { z } from '@hono/zod-openapi';
import type { SubIdRole } from '../core/ads.ts';
import { CONVERSION_STATUSES } from '../core/statuses.ts';
import type { Who } from '../store/mapping-changes.ts';
import { isAtLeast, type Role } from '../store/sign-in-roles.ts';
import { decimal, id, maybeTime, time } from './wire.ts';

/** An index holds the words, and takes no longer ones. */
const LONGEST_WORD = 500;
const MOST_ENTRIES = 1_000;

const statusSchema = z.enum(CONVERSION_STATUSES);

const statusEntry = z.object({
  rawStatus: z.string().openapi({ description: "The tracker's own word, as it spells it. Case has no say." }),
  status: statusSchema.openapi({ description: 'A word that is not mapped counts as pending.' }),
  reversed: z.boolean(),
  isDefault: z.boolean().openapi({ description: 'Nobody has changed it.' }),
  isMapped: z.boolean(),
  conversions: z.int(),
  revenue: decimal,
  currency: z.string(),
  lastSeenAt: maybeTime.openapi({ description: 'Time of the newest conversion with it.' }),
});

/** As a sub-id is named here: `sub_1` … `sub_30`. */
const SUB_ID = /^sub_([1-9]|[12]\d|30)$/;
const subId = z.string().regex(SUB_ID, 'must be sub_1 … sub_30').openapi({ example: 'sub_4' });

/** The field of each role in bodies. */
export const ROLE_FIELDS = {
  click_id: 'clickId',
  ad_campaign: 'adCampaign',
  ad_set: 'adSet',
  ad: 'ad',
  placement: 'placement',
} as const satisfies Record<SubIdRole, string>;

const subIdPlaces = {
  ...{ clickId: subId.nullable(), adCampaign: subId.nullable(), adSet: subId.nullable() },
  ...{ ad: subId.nullable(), placement: subId.nullable() },
};

const adCampaign = z.object({ externalId: z.string(), platform: z.string().nullable(), name: z.string().nullable() });

const campaignEntry = z.object({
  campaignId: id.nullable().openapi({ description: 'Null where the catalog does not know it.' }),
  adCampaignId: z.string().openapi({ description: "The ad platform's id." }),
  isAutomatic: z.boolean().openapi({ description: 'As sub-ids of its clicks say.' }),
  clicks: z.int().nullable().openapi({ description: 'That say so, of the last 30 days.' }),
  campaign: z.object({ id: id.nullable(), externalId: z.string(), name: z.string().nullable() }),
  adCampaign,
});

const changeEntry = z.object({
  id,
  kind: z.enum(['statuses', 'sub_ids', 'campaigns']),
  at: time,
  actorType: z.enum(['user', 'api_key', 'system']),
  actorId: z.string().nullable().openapi({ description: 'For admins and above.' }),
  actorName: z
    .string()
    .nullable()
    .openapi({ description: 'Of a person the address for admins and above, else the name.' }),
  before: z.record(z.string(), z.unknown()),
  after: z.record(z.string(), z.unknown()),
  undoneAt: maybeTime,
});

export const mappingsSchema = z
  .object({
    statuses: z
      .array(statusEntry)
      .openapi({ description: 'An entry per word and currency; words that are not mapped first.' }),
    subIds: z.object({
      ...subIdPlaces,
      isGuess: z.boolean().openapi({ description: 'Nobody has confirmed it, and no report goes by it.' }),
      because: z
        .partialRecord(z.enum(Object.values(ROLE_FIELDS) as [string, ...string[]]), z.string())
        .openapi({ description: 'Why a guess is made.' }),
    }),
    campaigns: z.array(campaignEntry),
    changes: z.array(changeEntry).openapi({ description: 'The latest hundred, newest first.' }),
  })
  .openapi('Mappings');

const meaningSchema = z.union(
  [statusSchema, z.strictObject({ status: statusSchema, reversed: z.boolean().default(false) }), z.null()],
  { error: `must be ${CONVERSION_STATUSES.join(', ')}, an object { status, reversed } with one of them, or null` },
);

const isStorable = (text: string): boolean => text.isWellFormed() && !text.includes('\0');
const key = z
  .string()
  .max(LONGEST_WORD, `is longer than ${LONGEST_WORD} characters`)
  .refine(isStorable, 'holds characters that no text may have');

const isNotTooMany = (given: object): boolean => Object.keys(given).length <= MOST_ENTRIES;

export const statusesSchema = z
  .record(key, meaningSchema)
  .refine(isNotTooMany, `must not name more than ${MOST_ENTRIES} words`)
  .openapi('StatusMeanings', {
    description: "By the tracker's word; null takes the default back.",
    example: { sale: 'approved', chargeback: { status: 'rejected', reversed: true }, trial: null },
  });

export const subIdsSchema = z
  .strictObject({
    ...{ clickId: subId.nullable().default(null), adCampaign: subId.nullable().default(null) },
    ...{ adSet: subId.nullable().default(null), ad: subId.nullable().default(null) },
    placement: subId.nullable().default(null),
  })
  .openapi('SubIdPlaces', {
    description: 'All of them at once: what is left out carries nothing. All null brings the guess back.',
    example: { clickId: 'sub_1', adCampaign: 'sub_2', adSet: 'sub_3', ad: 'sub_4', placement: 'sub_5' },
  });

export const campaignsSchema = z
  .record(z.string(), key.min(1).nullable())
  .refine(isNotTooMany, `must not name more than ${MOST_ENTRIES} campaigns`)
  .openapi('CampaignMappings', {
    description: "The ad platform's id of an uploaded ad campaign by our id of a campaign; null for none.",
    example: { '01989f5e-7c00-7000-8000-000000000001': '120210000000000001' },
  });

export const previewSchema = z
  .strictObject({
    statuses: statusesSchema.optional(),
    subIds: subIdsSchema.optional(),
    campaigns: campaignsSchema.optional(),
  })
  .openapi('MappingPreview');

const statusNumbers = z.object({
  currency: z.string(),
  ...{ conversions: z.int(), approved: z.int(), pending: z.int(), rejected: z.int(), hold: z.int(), reversed: z.int() },
  ...{ revenue: decimal, approvedRevenue: decimal },
});
const adNumbers = z.object({
  ...{ clicks: z.int(), withAdCampaign: z.int(), withAdSet: z.int(), withAd: z.int(), withKnownAd: z.int() },
});
const numbers = z.object({
  statuses: z.array(statusNumbers).openapi({ description: 'Of all stored conversions, per currency.' }),
  ads: adNumbers.openapi({ description: 'Of the clicks of the last 30 days.' }),
});
export const numbersSchema = z.object({ before: numbers, after: numbers }).openapi('MappingNumbers');

export const undoSchema = z.strictObject({
  changeId: z.uuid().optional().openapi({ description: 'The latest one that is not undone, where not given.' }),
});

/** Who did it, as the one who asks may know: people's addresses and ids are for admins. */
export function shownActor({ actorType, actorId, actorName, personName }: Who, role: Role) {
  if (isAtLeast(role, 'admin')) return { actorType, actorId, actorName };
  return { actorType, actorId: null, actorName: actorType === 'user' ? personName : actorName };
}

export const subIdName = (place: number | null): string | null => (place === null ? null : `sub_${place}`);
export const subIdNumber = (name: string | null): number | null =>
  name === null ? null : Number(SUB_ID.exec(name)?.[1]);

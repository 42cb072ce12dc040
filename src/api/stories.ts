// GET /clicks/:id/story and /conversions/:id/story: every moment from the ad to the latest status.
import { createRoute, z } from '@hono/zod-openapi';
import { AD_LEVELS } from '../core/ads.ts';
import { CONVERSION_STATUSES } from '../core/statuses.ts';
import { clickStory, conversionStory, type Story } from '../store/stories.ts';
import { withOrganization } from '../store/tenancy.ts';
import type { ApiDeps } from './deps.ts';
import { asId, idParams } from './ids.ts';
import { entity } from './log-query.ts';
import { notFound, problemResponses } from './problems.ts';
import { createRouter, jsonAnswer } from './router.ts';
import { decimal, id, iso, maybeTime } from './wire.ts';

export const MOMENT_KINDS = ['ad', 'click', 'flow', 'landingPage', 'offer', 'conversion', 'status'] as const;

const momentSchema = z
  .object({
    kind: z.enum(MOMENT_KINDS).openapi({
      description: '`status`: a state of the conversion as it was first seen; `conversion`: when it happened.',
    }),
    at: maybeTime.openapi({ description: 'Null where nobody tells: of what lies between a click and its conversion.' }),
    readAt: maybeTime.openapi({
      description:
        'When the hub read a status that it may have found long after it came, as a backfill does: `at` is then the moment of the conversion. Null elsewhere.',
    }),
    entity: entity.nullable().openapi({ description: 'Campaign, flow, landing page or offer.' }),
    conversionId: id.nullable(),
    rawStatus: z.string().nullable(),
    status: z.enum(CONVERSION_STATUSES).nullable(),
    reversed: z.boolean().nullable(),
    amount: decimal.nullable().openapi({ description: "A click's cost, a conversion's revenue." }),
    currency: z.string().nullable(),
  })
  .openapi('StoryMoment');

const storySchema = z
  .object({
    configId: id,
    clickId: id.nullable(),
    clickExternalId: z.string().nullable(),
    isDerived: z.boolean().nullable().openapi({ description: 'The click is known by its conversion alone.' }),
    ads: z.array(
      z.object({
        level: z.enum(AD_LEVELS),
        externalId: z.string(),
        platform: z.string().nullable(),
        name: z.string().nullable(),
      }),
    ),
    moments: z.array(momentSchema).openapi({ description: 'In their order, from the ad to the latest status.' }),
  })
  .openapi('Story');

const storyRoute = (what: string) =>
  createRoute({
    method: 'get',
    path: '/{id}/story',
    tags: ['logs'],
    summary: `The whole story of a ${what}, from its ad to the latest status`,
    request: { params: idParams },
    responses: { 200: jsonAnswer('Its moments.', storySchema), ...problemResponses() },
  });

export function clickStories(deps: ApiDeps) {
  return createRouter().openapi(storyRoute('click'), async (c) => {
    const clickId = asId(c.req.valid('param').id).toLowerCase();
    const story = await withOrganization(deps.db, c.var.organizationId, (tx) => clickStory(tx, clickId));
    if (story === null) throw notFound();
    return c.json(toStory(story), 200);
  });
}

export function conversionStories(deps: ApiDeps) {
  return createRouter().openapi(storyRoute('conversion'), async (c) => {
    const conversionId = asId(c.req.valid('param').id).toLowerCase();
    const story = await withOrganization(deps.db, c.var.organizationId, (tx) => conversionStory(tx, conversionId));
    if (story === null) throw notFound();
    return c.json(toStory(story), 200);
  });
}

type Moment = z.infer<typeof momentSchema>;
const NOTHING = {
  ...{ at: null, readAt: null, entity: null, conversionId: null, rawStatus: null, status: null, reversed: null },
  ...{ amount: null, currency: null },
} satisfies Omit<Moment, 'kind'>;

function toStory({ ads, click, conversions }: Story): z.infer<typeof storySchema> {
  const first = conversions[0]?.conversion;
  const way = click ?? first!;
  const clickedAt = click?.clickedAt ?? first?.clickedAt ?? null;
  const at = clickedAt === null ? null : iso(clickedAt);
  const between = (['flow', 'landingPage', 'offer'] as const).flatMap((kind): Moment[] =>
    way[kind] === null ? [] : [{ ...NOTHING, kind, entity: way[kind] }],
  );
  const clicked = { ...NOTHING, kind: 'click' as const, at, entity: way.campaign };
  return {
    configId: way.configId,
    ...{ clickId: click?.id ?? null, clickExternalId: click?.externalId ?? first?.clickExternalId ?? null },
    ...{ isDerived: click?.isDerived ?? null, ads },
    moments: [
      ...(ads.length === 0 ? [] : [{ ...NOTHING, kind: 'ad' as const, at }]),
      click === null
        ? clicked
        : { ...clicked, amount: click.cost, currency: click.cost === null ? null : click.currency },
      ...between,
      ...conversions.flatMap(momentsOf).toSorted((a, b) => Date.parse(a.at!) - Date.parse(b.at!)),
    ],
  };
}

/** Read later than this, the first known status tells nothing of when it came. */
const SOON_MS = 30 * 60_000;

function momentsOf({ conversion, moments }: Story['conversions'][number]): Moment[] {
  const { id: conversionId, convertedAt, revenue, currency } = conversion;
  const told = { ...NOTHING, conversionId };
  return [
    { ...told, kind: 'conversion', at: iso(convertedAt), amount: revenue, currency },
    ...moments.map(({ seenAt, rawStatus, status, reversed, ...money }, place): Moment => {
      const isFound = place === 0 && seenAt.getTime() - convertedAt.getTime() > SOON_MS;
      return {
        ...{ ...told, kind: 'status', at: iso(isFound ? convertedAt : seenAt), readAt: isFound ? iso(seenAt) : null },
        ...{ rawStatus, status, reversed, amount: money.revenue, currency: money.currency },
      };
    }),
  ];
}

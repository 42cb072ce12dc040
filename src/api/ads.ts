// Ads of any ad platform and what they cost a day: uploaded in one call, however often; and listed.
import { createRoute, z } from '@hono/zod-openapi';
import { AD_LEVELS } from '../core/ads.ts';
import { listAds, platformsOf, putAds, putSpend } from '../store/ads.ts';
import { recordDeed } from '../store/audit.ts';
import type { Tx } from '../store/db.ts';
import { takeTurn, withOrganization } from '../store/tenancy.ts';
import { adDefaults, adLine, adLineShape, adsOf, gatherAds } from './ads-lines.ts';
import type { ApiDeps } from './deps.ts';
import { listAnswer, listOf, pageAsk, pagingQuery } from './paging.ts';
import { badInput, problemResponses } from './problems.ts';
import { createRouter, jsonAnswer } from './router.ts';
import { timeZones, ZONE_EXPECTED } from './time-zone.ts';
import { byLine, readUpload, uploadAnswer, uploadBody } from './upload.ts';
import { id, iso, time } from './wire.ts';

const tags = ['ads'];

const put = createRoute({
  method: 'put',
  path: '/',
  tags,
  summary: 'Upload ad campaigns, ad sets, ads and their daily spend',
  description:
    'A line names an ad campaign, an ad set, an ad or all three, and may say what the finest of them cost on one day. Uploading it again changes nothing; another amount replaces the one before, and null takes it back. What a line leaves out stays as it is known.',
  request: {
    query: adDefaults,
    body: uploadBody(adLineShape, 'adId,day,spend\n120210000000000001,2026-11-01,12.5\n'),
  },
  responses: { 200: uploadAnswer, ...problemResponses(400, 413, 415) },
});

const adSchema = z
  .object({
    id,
    level: z.enum(AD_LEVELS),
    externalId: z.string(),
    platform: z.string(),
    name: z.string().nullable(),
    adCampaignExternalId: z.string().nullable(),
    adSetExternalId: z.string().nullable(),
    firstSeenAt: time,
    updatedAt: time,
  })
  .openapi('Ad');

const text = z.string().min(1).max(500).optional();
const list = createRoute({
  method: 'get',
  path: '/',
  tags,
  summary: 'Ad campaigns, ad sets and ads that were uploaded, newest first',
  request: {
    query: z.strictObject({
      ...pagingQuery,
      level: z.enum(AD_LEVELS).optional(),
      platform: text,
      q: text.openapi({ description: 'Part of the name, or an id.' }),
    }),
  },
  responses: { 200: jsonAnswer('A page.', listOf(adSchema)), ...problemResponses(400) },
});

export function ads(deps: ApiDeps) {
  return createRouter()
    .openapi(list, async (c) => {
      const { limit, cursor, ...filter } = c.req.valid('query');
      const ask = pageAsk({ limit, cursor });
      const page = await withOrganization(deps.db, c.var.organizationId, (tx) => listAds(tx, filter, ask));
      return c.json(
        listAnswer(page, ({ firstSeenAt, updatedAt, ...ad }) => ({
          ...ad,
          ...{ firstSeenAt: iso(firstSeenAt), updatedAt: iso(updatedAt) },
        })),
        200,
      );
    })
    .openapi(put, async (c) => {
      const { organizationId, actor } = c.var;
      const defaults = c.req.valid('query');
      const isTimeZone = await timeZones(deps.db);
      if (defaults.zone !== undefined && !isTimeZone(defaults.zone)) throw badInput('zone', ZONE_EXPECTED);
      const { lines, rejected } = await readUpload(c, adLine(defaults, isTimeZone), 'spend');
      const keep = async (tx: Tx) => {
        await takeTurn(tx, organizationId);
        const known = await platformsOf(
          tx,
          organizationId,
          lines.flatMap(({ row }) => adsOf(row)),
        );
        const found = gatherAds(lines, known);
        await putAds(tx, organizationId, [...found.ads.values()]);
        const takenBack = await putSpend(tx, organizationId, found.spend);
        const after = { lines: found.accepted, ads: found.ads.size, days: found.spend.length, takenBack };
        const deed = { action: 'ads.upload', targetType: 'organization', targetId: organizationId, after };
        if (found.accepted > 0) await recordDeed(tx, organizationId, actor, deed);
        return { ...found, takenBack };
      };
      const { accepted, takenBack, ...kept } = await withOrganization(deps.db, organizationId, keep, { retries: true });
      return c.json({ accepted, takenBack, rejected: byLine([...rejected, ...kept.rejected]) }, 200);
    });
}

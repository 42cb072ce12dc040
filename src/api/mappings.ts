// What a connection's own words, sub-ids and campaigns mean: as they are, as they would be, and as they were.
import { createRoute, type z } from '@hono/zod-openapi';
import { SUB_ID_ROLES } from '../core/ads.ts';
import { type Actor, recordDeed } from '../store/audit.ts';
import { readCampaignMappings } from '../store/campaign-mappings.ts';
import { type ConfigRecord, findConfig } from '../store/configs.ts';
import type { Tx } from '../store/db.ts';
import {
  findMappingChange,
  holdMappings,
  isNothing,
  listMappingChanges,
  markUndone,
  recordMappingChange,
} from '../store/mapping-changes.ts';
import { adNumbers, asIf, statusNumbers } from '../store/mapping-numbers.ts';
import type { Role } from '../store/sign-in-roles.ts';
import { readStatusMappings } from '../store/status-mappings.ts';
import { readSubIdMapping } from '../store/sub-id-mappings.ts';
import { withOrganization } from '../store/tenancy.ts';
import type { ApiDeps } from './deps.ts';
import { asId, configParams } from './ids.ts';
import { applyMappings, type MappingsGiven, undoMapping } from './mappings-change.ts';
import {
  campaignsSchema,
  mappingsSchema,
  numbersSchema,
  previewSchema,
  ROLE_FIELDS,
  shownActor,
  statusesSchema,
  subIdName,
  subIdsSchema,
  undoSchema,
} from './mappings-schema.ts';
import { notFound, Problem, problemResponses } from './problems.ts';
import { createRouter, jsonAnswer, jsonBody } from './router.ts';
import { iso, maybeIso } from './wire.ts';

const tags = ['mappings'];
const path = '/{configId}/mappings';
const now = { 200: jsonAnswer('As they are now.', mappingsSchema), ...problemResponses(400, 413, 415) };
const params = configParams;

const read = createRoute({
  method: 'get',
  path,
  tags,
  summary: "What a tracker's own words mean, beside what was seen of them; which sub-ids and campaigns lead to ads",
  request: { params },
  responses: { 200: jsonAnswer('All of them.', mappingsSchema), ...problemResponses() },
});

const changeStatuses = createRoute({
  method: 'put',
  path: `${path}/statuses`,
  tags,
  summary: 'Say what status words mean; true at once for every stored conversion',
  request: { params, body: jsonBody(statusesSchema) },
  responses: now,
});

const changeSubIds = createRoute({
  method: 'put',
  path: `${path}/sub-ids`,
  tags,
  summary: 'Say which sub-id carries the click id, the ad campaign, the ad set, the ad, the placement',
  request: { params, body: jsonBody(subIdsSchema) },
  responses: now,
});

const changeCampaigns = createRoute({
  method: 'put',
  path: `${path}/campaigns`,
  tags,
  summary: 'Say which ad campaign a campaign runs, where its sub-ids do not tell',
  request: { params, body: jsonBody(campaignsSchema) },
  responses: now,
});

const preview = createRoute({
  method: 'post',
  path: `${path}/preview`,
  tags,
  summary: 'What the numbers would become; nothing is changed',
  request: { params, body: jsonBody(previewSchema, { statuses: { trial: 'hold' } }) },
  responses: { 200: jsonAnswer('The numbers now and then.', numbersSchema), ...problemResponses(400, 413, 415) },
});

const undo = createRoute({
  method: 'post',
  path: `${path}/undo`,
  tags,
  summary: 'Take a change back: the latest, or the one named',
  request: { params, body: jsonBody(undoSchema, {}) },
  responses: {
    200: jsonAnswer('As they are now.', mappingsSchema),
    ...problemResponses(400, 409, 413, 415),
  },
});

export function mappings(deps: ApiDeps) {
  /** Runs where the config's mappings are held: one change after another. */
  async function holding<T>(
    organizationId: string,
    configId: string,
    work: (tx: Tx, config: ConfigRecord) => Promise<T>,
  ): Promise<T> {
    const held = async (tx: Tx) => {
      if ((await findConfig(tx, configId)) === null) throw notFound();
      await holdMappings(tx, configId);
      const config = await findConfig(tx, configId);
      if (config === null) throw notFound();
      return work(tx, config);
    };
    return withOrganization(deps.db, organizationId, held, { retries: true });
  }

  /** Not within a change: who changes them next need not wait until all is counted. */
  const readNow = ({ organizationId, role }: { organizationId: string; role: Role }, configId: string) =>
    withOrganization(deps.db, organizationId, async (tx) => {
      const config = await findConfig(tx, configId);
      if (config === null) throw notFound();
      return readAll(tx, config, deps.now(), role);
    });

  async function change(
    owner: { organizationId: string; actor: Actor; role: Role },
    configId: string,
    given: MappingsGiven,
  ) {
    await holding(owner.organizationId, asId(configId), async (tx, config) => {
      for (const { kind, delta } of await applyMappings(tx, deps, config, given)) {
        if (isNothing(delta)) continue;
        await recordMappingChange(tx, config, owner.actor, kind, delta);
        const deed = { action: `tracker.map_${kind}`, targetType: 'tracker', targetId: config.id };
        await recordDeed(tx, owner.organizationId, owner.actor, { ...deed, ...delta });
      }
    });
    return readNow(owner, asId(configId));
  }

  return createRouter()
    .openapi(read, async (c) => {
      return c.json(await readNow(c.var, asId(c.req.valid('param').configId)), 200);
    })
    .openapi(changeStatuses, async (c) =>
      c.json(await change(c.var, c.req.valid('param').configId, { statuses: c.req.valid('json') }), 200),
    )
    .openapi(changeSubIds, async (c) =>
      c.json(await change(c.var, c.req.valid('param').configId, { subIds: c.req.valid('json') }), 200),
    )
    .openapi(changeCampaigns, async (c) =>
      c.json(await change(c.var, c.req.valid('param').configId, { campaigns: c.req.valid('json') }), 200),
    )
    .openapi(preview, async (c) => {
      const given = c.req.valid('json');
      const both = await holding(c.var.organizationId, asId(c.req.valid('param').configId), async (tx, config) => {
        const before = {
          statuses: await statusNumbers(tx, config),
          ads: await adNumbers(tx, config, deps.now()),
        };
        const after = await asIf(tx, async () => {
          await applyMappings(tx, deps, config, given);
          const leadsToAds = given.subIds !== undefined || given.campaigns !== undefined;
          // What a word means leads no click anywhere, and the other way round: millions of rows are not read twice for it.
          return {
            statuses: given.statuses === undefined ? before.statuses : await statusNumbers(tx, config),
            ads: leadsToAds ? await adNumbers(tx, config, deps.now()) : before.ads,
          };
        });
        return { before, after };
      });
      return c.json(both, 200);
    })
    .openapi(undo, async (c) => {
      const { organizationId, actor } = c.var;
      const { changeId = null } = c.req.valid('json');
      const configId = asId(c.req.valid('param').configId);
      await holding(organizationId, configId, async (tx, config) => {
        const wanted = await findMappingChange(tx, config.id, changeId);
        if (wanted === null) throw new Problem('nothing_to_undo', 'There is no such change.');
        if (wanted.undoneAt !== null) throw new Problem('nothing_to_undo', 'This change was taken back already.');
        const delta = await undoMapping(tx, config, wanted);
        await markUndone(tx, wanted.id);
        const deed = { action: 'tracker.undo_mapping', targetType: 'tracker', targetId: config.id };
        await recordDeed(tx, organizationId, actor, { ...deed, ...delta });
      });
      return c.json(await readNow(c.var, configId), 200);
    });
}

async function readAll(tx: Tx, config: ConfigRecord, at: Date, role: Role): Promise<z.infer<typeof mappingsSchema>> {
  const statuses = await readStatusMappings(tx, config.id);
  const { places, isGuess, because } = await readSubIdMapping(tx, config);
  const campaigns = await readCampaignMappings(tx, config, at);
  const changes = await listMappingChanges(tx, config.id);
  const [clickId, adCampaign, adSet, ad, placement] = SUB_ID_ROLES.map((role) => subIdName(places[role]));
  return {
    statuses: statuses.map((mapping) => ({ ...mapping, lastSeenAt: maybeIso(mapping.lastSeenAt) })),
    subIds: {
      ...{ clickId: clickId!, adCampaign: adCampaign!, adSet: adSet!, ad: ad!, placement: placement!, isGuess },
      because: Object.fromEntries(
        SUB_ID_ROLES.flatMap((role) => (because[role] ? [[ROLE_FIELDS[role], because[role]]] : [])),
      ),
    },
    campaigns: campaigns.map((entry) => ({
      ...{ campaignId: entry.campaign.id, adCampaignId: entry.adCampaign.externalId },
      ...entry,
    })),
    changes: changes.map(({ id, kind, at: changedAt, before, after, undoneAt, ...who }) => ({
      ...{ id, kind, at: iso(changedAt), ...shownActor(who, role) },
      ...{ before, after, undoneAt: maybeIso(undoneAt) },
    })),
  };
}

// What a connection's own words mean: its conversion statuses, as they are mapped and as they were seen.
import { createRoute, z } from '@hono/zod-openapi';
import { CONVERSION_STATUSES, type StatusMeaning, statusMeaning } from '../core/statuses.ts';
import { recordDeed } from '../store/audit.ts';
import { type ConfigRecord, findConfig } from '../store/configs.ts';
import type { Tx } from '../store/db.ts';
import {
  foldedWords,
  type MappedStatus,
  readStatusMappings,
  type StatusChange,
  type StatusMapping,
  setStatusMeanings,
} from '../store/status-mappings.ts';
import { withOrganization } from '../store/tenancy.ts';
import type { ApiDeps } from './deps.ts';
import { asId, configParams } from './ids.ts';
import { badInput, notFound, problemResponses } from './problems.ts';
import { createRouter, jsonAnswer, jsonBody } from './router.ts';
import { decimal, maybeIso, maybeTime } from './wire.ts';

const tags = ['mappings'];
/** An index holds the words, and takes no longer ones. */
const LONGEST_WORD = 500;
const MOST_WORDS = 1_000;

const statusSchema = z.enum(CONVERSION_STATUSES);

const mappingsSchema = z
  .object({
    statuses: z
      .array(
        z.object({
          rawStatus: z.string().openapi({ description: "The tracker's own word, as it spells it. Case has no say." }),
          status: statusSchema.openapi({ description: 'A word that is not mapped counts as pending.' }),
          reversed: z.boolean(),
          isDefault: z.boolean().openapi({ description: 'Nobody has changed it.' }),
          isMapped: z.boolean(),
          conversions: z.int(),
          revenue: decimal,
          currency: z.string(),
          lastSeenAt: maybeTime.openapi({ description: 'Time of the newest conversion with it.' }),
        }),
      )
      .openapi({ description: 'An entry per word and currency; words that are not mapped first.' }),
  })
  .openapi('Mappings');

const meaningSchema = z.union(
  [statusSchema, z.strictObject({ status: statusSchema, reversed: z.boolean().default(false) }), z.null()],
  { error: `must be ${CONVERSION_STATUSES.join(', ')}, an object { status, reversed } with one of them, or null` },
);

const word = z
  .string()
  .max(LONGEST_WORD, `is longer than ${LONGEST_WORD} characters`)
  .refine((text) => text.isWellFormed() && !text.includes('\0'), 'holds characters that no text may have');

const changeSchema = z
  .record(word, meaningSchema)
  .refine((words) => Object.keys(words).length <= MOST_WORDS, `must not name more than ${MOST_WORDS} words`)
  .openapi('StatusMeanings', {
    description: "By the tracker's word; null takes the default back.",
    example: { sale: 'approved', chargeback: { status: 'rejected', reversed: true }, trial: null },
  });

const read = createRoute({
  method: 'get',
  path: '/{configId}/mappings',
  tags,
  summary: "What a tracker's own words mean, beside what was seen of them",
  request: { params: configParams },
  responses: { 200: jsonAnswer('All of them.', mappingsSchema), ...problemResponses() },
});

const changeStatuses = createRoute({
  method: 'put',
  path: '/{configId}/mappings/statuses',
  tags,
  summary: 'Say what status words mean; true at once for every stored conversion',
  request: { params: configParams, body: jsonBody(changeSchema) },
  responses: { 200: jsonAnswer('As they are now.', mappingsSchema), ...problemResponses(400, 413, 415) },
});

export function mappings(deps: ApiDeps) {
  return createRouter()
    .openapi(read, async (c) => {
      const configId = asId(c.req.valid('param').configId);
      const statuses = await withOrganization(deps.db, c.var.organizationId, async (tx) => {
        if ((await findConfig(tx, configId)) === null) throw notFound();
        return readStatusMappings(tx, configId);
      });
      return c.json({ statuses: statuses.map(toStatus) }, 200);
    })
    .openapi(changeStatuses, async (c) => {
      const { organizationId, actor } = c.var;
      const configId = asId(c.req.valid('param').configId);
      const given = c.req.valid('json');
      const statuses = await withOrganization(deps.db, organizationId, async (tx) => {
        const config = await findConfig(tx, configId);
        if (config === null) throw notFound();
        const wanted = await meaningsOf(tx, given);
        const changes = await setStatusMeanings(tx, config, wanted, defaultsOf(deps, config));
        const deed = { action: 'tracker.map_statuses', targetType: 'tracker', targetId: configId };
        if (changes.length > 0) await recordDeed(tx, organizationId, actor, { ...deed, ...difference(changes) });
        return readStatusMappings(tx, configId);
      });
      return c.json({ statuses: statuses.map(toStatus) }, 200);
    });
}

/**
 * By the word in lower case.
 * @throws Problem where two of the given ones are the same but for their case
 */
async function meaningsOf(tx: Tx, given: z.output<typeof changeSchema>) {
  const words = Object.keys(given);
  const folded = await foldedWords(tx, words);
  const wanted = new Map<string, Required<StatusMeaning> | null>();
  words.forEach((word, i) => {
    const key = folded[i]!;
    if (wanted.has(key)) throw badInput(word, `is the same word as ${words[folded.indexOf(key)]}`);
    const meaning = given[word] ?? null;
    wanted.set(key, meaning === null ? null : statusMeaning(meaning));
  });
  return wanted;
}

/** As the tracker declares it: for the word itself, or for all that are not named. */
function defaultsOf({ adapters }: ApiDeps, { type }: ConfigRecord): (word: string) => Required<StatusMeaning> | null {
  const { statuses = {}, otherStatuses } = adapters[type] ?? {};
  return (word) => {
    const declared = Object.hasOwn(statuses, word) ? statuses[word] : otherStatuses;
    return declared === undefined ? null : statusMeaning(declared);
  };
}

function difference(changes: readonly StatusChange[]) {
  const side = (name: 'before' | 'after'): Record<string, MappedStatus> =>
    Object.fromEntries(changes.map((change) => [change.word, change[name]]));
  return { before: side('before'), after: side('after') };
}

const toStatus = (mapping: StatusMapping) => ({ ...mapping, lastSeenAt: maybeIso(mapping.lastSeenAt) });

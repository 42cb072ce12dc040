// What a tracker's words, sub-ids and campaigns mean, as the API tells it; what a change would do, and changing it.
import { queryOptions } from '@tanstack/react-query';
import { answered, api, Refused } from './client.ts';

const one = api.trackers[':configId'].mappings;

export type Mappings = Awaited<ReturnType<typeof readMappings>>;
export type MappedEntry = Mappings['statuses'][number];
export type MappingChange = Mappings['changes'][number];
export type CampaignPair = Mappings['campaigns'][number];
export type Numbers = Awaited<ReturnType<typeof askPreview>>['before'];
type Body = Parameters<typeof one.preview.$post>[0]['json'];
export type StatusesGiven = NonNullable<Body['statuses']>;
export type SubIdsGiven = NonNullable<Body['subIds']>;

const readMappings = (configId: string) => answered(one.$get({ param: { configId } }));
const askPreview = (configId: string, json: Body) => answered(one.preview.$post({ param: { configId }, json }));

/** Below the tracker's own key: whatever tells of the tracker tells of these too. */
export const mappingsQuery = (configId: string) =>
  queryOptions({
    queryKey: ['tracker', configId, 'mappings'],
    queryFn: () => readMappings(configId),
    placeholderData: undefined,
    refetchInterval: 60_000,
  });

export const previewQuery = (configId: string, json: Body) =>
  queryOptions({ queryKey: ['preview', configId, json], queryFn: () => askPreview(configId, json) });

/** Status words without a meaning, by tracker. */
export const unmappedQuery = queryOptions({
  queryKey: ['unmapped'],
  queryFn: () => answered(api.trackers.unmapped.$get()),
  refetchInterval: 60_000,
});

/** One call a kind; what was kept before one fails stays kept. */
export async function saveMappings(configId: string, { statuses, subIds, campaigns }: Body): Promise<Mappings | null> {
  const param = { configId };
  let now: Mappings | null = null;
  if (statuses !== undefined) now = await answered(one.statuses.$put({ param, json: statuses }));
  if (subIds !== undefined) now = await answered(one['sub-ids'].$put({ param, json: subIds }));
  if (campaigns !== undefined) now = await answered(one.campaigns.$put({ param, json: campaigns }));
  return now;
}

/** @throws Refused, in words for who reads it */
export async function undoMappings(configId: string, changeIds: readonly string[]): Promise<Mappings | null> {
  let now: Mappings | null = null;
  for (const changeId of changeIds) {
    try {
      now = await answered(one.undo.$post({ param: { configId }, json: { changeId } }));
    } catch (error) {
      if (!(error instanceof Refused) || error.code !== 'changed_since') throw error;
      throw new Refused(
        error.status,
        error.code,
        'It cannot be taken back: part of it was changed again since. Set it by hand instead.',
      );
    }
  }
  return now;
}

// What became of a click or a conversion, moment by moment.
import { queryOptions } from '@tanstack/react-query';
import { answered, api } from './client.ts';

export type ClickStory = Awaited<ReturnType<typeof readStory>>;
export type Moment = ClickStory['moments'][number];

const readStory = (kind: 'click' | 'conversion', id: string) =>
  kind === 'click'
    ? answered(api.clicks[':id'].story.$get({ param: { id } }))
    : answered(api.conversions[':id'].story.$get({ param: { id } }));

/** @param id ours */
export const storyQuery = (kind: 'click' | 'conversion', id: string) =>
  queryOptions({ queryKey: ['story', kind, id], queryFn: () => readStory(kind, id), placeholderData: undefined });

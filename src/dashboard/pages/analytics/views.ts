// Saved views of a page: one's own and those that others share.
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import type { Json } from '../../../core/resources.ts';
import { answered, api } from '../../app/client.ts';
import { type AnalyticsSearch, readAnalyticsSearch } from './search.ts';

export type View = Awaited<ReturnType<typeof readViews>>[number];

const PAGE = 'analytics';
const readViews = async () => (await answered(api.views.$get({ query: { page: PAGE, limit: '1000' } }))).items;

export const viewsQuery = queryOptions({ queryKey: ['views', PAGE], queryFn: readViews });

/** All but which view it is. */
const contentOf = ({ view: _, ...content }: AnalyticsSearch): Record<string, Json> =>
  JSON.parse(JSON.stringify(content));
export const searchOf = ({ id, query }: View): AnalyticsSearch => ({ ...readAnalyticsSearch(query), view: id });

export function isChanged(search: AnalyticsSearch, view: View): boolean {
  const text = (one: AnalyticsSearch): string =>
    JSON.stringify(Object.entries(contentOf(one)).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return text(search) !== text(searchOf(view));
}

export function useViewDeeds() {
  const queries = useQueryClient();
  const onSuccess = () => queries.invalidateQueries({ queryKey: viewsQuery.queryKey });
  const one = api.views[':id'];
  return {
    save: useMutation({
      mutationFn: ({ name, isShared, search }: { name: string; isShared: boolean; search: AnalyticsSearch }) =>
        answered(api.views.$post({ json: { name, isShared, page: PAGE, query: contentOf(search) } })),
      onSuccess,
    }),
    update: useMutation({
      mutationFn: ({ id, search }: { id: string; search: AnalyticsSearch }) =>
        answered(one.$patch({ param: { id }, json: { query: contentOf(search) } })),
      onSuccess,
    }),
    share: useMutation({
      mutationFn: ({ id, isShared }: Pick<View, 'id' | 'isShared'>) =>
        answered(one.$patch({ param: { id }, json: { isShared } })),
      onSuccess,
    }),
    remove: useMutation({ mutationFn: (id: string) => answered(one.$delete({ param: { id } })), onSuccess }),
  };
}

// One conversion as the list tells it.
import { queryOptions } from '@tanstack/react-query';
import { answered, api } from './client.ts';

/** @param id ours; null where there is none */
export const conversionQuery = (id: string) =>
  queryOptions({
    queryKey: ['conversion', id],
    queryFn: async () =>
      (await answered(api.conversions.$get({ query: { q: id, limit: '1' } }))).items.find((one) => one.id === id) ??
      null,
    placeholderData: undefined,
  });

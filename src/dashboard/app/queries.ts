// The cache of what the API said: kept while newer figures load, and told when the session is over.
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { Refused } from './client.ts';
import { tellTabs } from './tabs.ts';

/** True while somebody who was signed in no longer is. */
export const SESSION_ENDED = ['session ended'];

function noticeEnd(error: Error): void {
  const isEnd = error instanceof Refused && error.code === 'unauthenticated';
  if (isEnd && queries.getQueryData(['me']) !== undefined) queries.setQueryData(SESSION_ENDED, true);
}

export const queries: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noticeEnd }),
  mutationCache: new MutationCache({ onError: noticeEnd, onSuccess: () => tellTabs('changed') }),
  defaultOptions: {
    queries: {
      // A hub may be on this very machine: whether it answers is found out by asking.
      networkMode: 'always',
      staleTime: 5_000,
      gcTime: 10 * 60_000,
      placeholderData: <T>(earlier: T) => earlier,
      // A refusal stays one however often it is asked for; what could not be reached is asked for again.
      retry: (failures, error) =>
        (!(error instanceof Refused) || error.status === 0 || error.status >= 500) && failures < 3,
    },
    mutations: { retry: false, networkMode: 'always' },
  },
});

/** Everything that is shown is asked for anew, but for what only the stream of events tells. */
export const refreshAll = (): Promise<void> =>
  queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'percent' });

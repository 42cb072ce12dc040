// Tabs agree: what another one changed is asked for anew, and who signs out or in there does so here.
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { chooseOrganization } from './client.ts';
import { SESSION_ENDED } from './queries.ts';
import { hearTabs } from './tabs.ts';

const GATHER_MS = 300;
/** Longer lists stay as they were read. */
const MOST_PAGES = 3;

export function useTabs(): void {
  const queries = useQueryClient();
  useEffect(() => {
    let gathering: ReturnType<typeof setTimeout> | undefined;
    const refresh = () =>
      queries.invalidateQueries({
        predicate: ({ queryKey, state }) => {
          const pages = (state.data as { pages?: unknown[] } | null | undefined)?.pages?.length ?? 0;
          return queryKey[0] !== SESSION_ENDED[0] && queryKey[0] !== 'percent' && pages <= MOST_PAGES;
        },
      });
    const end = hearTabs({
      changed() {
        clearTimeout(gathering);
        gathering = setTimeout(refresh, GATHER_MS);
      },
      'signed in'() {
        queries.setQueryData(SESSION_ENDED, false);
        void refresh();
      },
      // Nothing of what was shown stays, not even beneath a question.
      'signed out'() {
        clearTimeout(gathering);
        chooseOrganization(null);
        void queries.resetQueries();
      },
    });
    return () => {
      clearTimeout(gathering);
      end();
    };
  }, [queries]);
}

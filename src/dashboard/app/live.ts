// What changes while a page is open: the hub's stream of events, which mends itself.
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { chosenOrganization } from './client.ts';
import { refreshAll } from './queries.ts';

const AGAIN_MS = 5_000;
/** A connection that comes back sooner was never missed. */
const PATIENCE_MS = 2_500;
const GATHER_MS = 300;

/** @returns false while the hub cannot be heard */
export function useLive(): boolean {
  const queries = useQueryClient();
  const [isHeard, setHeard] = useState(true);

  useEffect(() => {
    let source: EventSource | undefined;
    let again: ReturnType<typeof setTimeout> | undefined;
    let lost: ReturnType<typeof setTimeout> | undefined;
    const mapped = new Map<string, string | null>();
    const stale = new Map<string, readonly unknown[]>();
    let flushing: ReturnType<typeof setTimeout> | undefined;

    /** Many events at once ask for each thing once. */
    function isStale(...queryKey: readonly unknown[]): void {
      stale.set(JSON.stringify(queryKey), queryKey);
      flushing ??= setTimeout(() => {
        flushing = undefined;
        const keys = [...stale.values()];
        stale.clear();
        for (const queryKey of keys) void queries.invalidateQueries({ queryKey }, { cancelRefetch: false });
      }, GATHER_MS);
    }

    function listen(): void {
      const organization = chosenOrganization();
      source = new EventSource(`/api/v1/events${organization === null ? '' : `?organization=${organization}`}`);
      source.onopen = () => {
        clearTimeout(lost);
        lost = undefined;
        setHeard(true);
      };
      source.onerror = () => {
        lost ??= setTimeout(() => setHeard(false), PATIENCE_MS);
        if (source?.readyState !== EventSource.CLOSED) return;
        // Refused, perhaps because the session is over: asking who we are finds out.
        void queries.invalidateQueries({ queryKey: ['me'] });
        again = setTimeout(listen, AGAIN_MS);
      };
      source.addEventListener('tracker', (event) => {
        const { configId, mappedAt } = JSON.parse(event.data) as { configId: string; mappedAt: string | null };
        // What words mean has been changed, perhaps by somebody else: every figure goes by it.
        if (mapped.get(configId) !== undefined && mapped.get(configId) !== mappedAt) void refreshAll();
        mapped.set(configId, mappedAt);
        isStale('trackers');
        isStale('unmapped');
        isStale('tracker', configId);
      });
      source.addEventListener('progress', (event) => {
        const { configId, percent } = JSON.parse(event.data) as { configId: string; percent: number | null };
        queries.setQueryData(['percent'], (known: Record<string, number | null> = {}) => ({
          ...known,
          [configId]: percent,
        }));
        isStale('days');
        isStale('tracker', configId, 'progress');
      });
      source.addEventListener('gone', () => isStale('trackers'));
    }

    // Streams are few in a browser: a tab that nobody looks at needs none.
    const turn = () => {
      clearTimeout(again);
      clearTimeout(lost);
      lost = undefined;
      source?.close();
      if (!document.hidden) listen();
    };
    document.addEventListener('visibilitychange', turn);
    turn();
    return () => {
      document.removeEventListener('visibilitychange', turn);
      clearTimeout(flushing);
      clearTimeout(again);
      clearTimeout(lost);
      source?.close();
    };
  }, [queries]);

  return isHeard;
}

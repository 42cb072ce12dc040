// What changes while a page is open: the hub's stream of events, which mends itself.
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { chosenOrganization } from './client.ts';
import { refreshAll } from './queries.ts';

const AGAIN_MS = 5_000;
/** A connection that comes back sooner was never missed. */
const PATIENCE_MS = 2_500;

/** @returns false while the hub cannot be heard */
export function useLive(): boolean {
  const queries = useQueryClient();
  const [isHeard, setHeard] = useState(true);

  useEffect(() => {
    let source: EventSource | undefined;
    let again: ReturnType<typeof setTimeout> | undefined;
    let lost: ReturnType<typeof setTimeout> | undefined;
    const mapped = new Map<string, string | null>();

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
        void queries.invalidateQueries({ queryKey: ['trackers'] });
        void queries.invalidateQueries({ queryKey: ['unmapped'] });
        void queries.invalidateQueries({ queryKey: ['tracker', configId] });
      });
      source.addEventListener('progress', (event) => {
        const { configId, percent } = JSON.parse(event.data) as { configId: string; percent: number | null };
        queries.setQueryData(['percent'], (known: Record<string, number | null> = {}) => ({
          ...known,
          [configId]: percent,
        }));
        void queries.invalidateQueries({ queryKey: ['days'] });
        void queries.invalidateQueries({ queryKey: ['tracker', configId, 'progress'] });
      });
      source.addEventListener('gone', () => void queries.invalidateQueries({ queryKey: ['trackers'] }));
    }

    listen();
    return () => {
      clearTimeout(again);
      clearTimeout(lost);
      source?.close();
    };
  }, [queries]);

  return isHeard;
}

// Whose a name is, where several trackers have one by it.
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { ReportKey } from './dimensions.ts';
import { nameOf, sharedNames, type Whose } from './shared-names.ts';
import { trackersQuery } from './trackers.ts';

/** @param keys all that are shown together */
export function useWhose(keys: readonly (ReportKey | undefined)[]): Whose {
  const { data: trackers } = useQuery(trackersQuery);
  const shared = useMemo(() => sharedNames(keys), [keys]);
  return useMemo(() => {
    const names = new Map(trackers?.map(({ id, name }) => [id, name]));
    return (key) => {
      const isShared = typeof key === 'object' && key?.configId !== undefined && shared.has(nameOf(key));
      return isShared ? (names.get(key.configId!) ?? null) : null;
    };
  }, [trackers, shared]);
}

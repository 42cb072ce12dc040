// What tells apart those that have one name.
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { ReportKey } from './dimensions.ts';
import { nameOf, sharedNames, type Whose } from './shared-names.ts';
import { trackersQuery } from './trackers.ts';

/**
 * @param keys all that are shown together
 * @param areTrackersShown beside them already
 */
export function useWhose(keys: readonly (ReportKey | undefined)[], areTrackersShown = false): Whose {
  const { data: trackers } = useQuery(trackersQuery);
  const shared = useMemo(() => sharedNames(keys), [keys]);
  return useMemo(() => {
    const names = new Map(trackers?.map(({ id, name }) => [id, name]));
    return (key) => {
      if (typeof key !== 'object' || key === null) return null;
      const { byTracker = false, byId = false } = shared.get(nameOf(key)) ?? {};
      const tracker = byTracker && !areTrackersShown ? names.get(key.configId ?? '') : undefined;
      return [tracker, byId ? key.externalId : undefined].filter((one) => one !== undefined).join(' · ') || null;
    };
  }, [trackers, shared, areTrackersShown]);
}

// Names that stand for more than one thing.
import type { ReportKey } from './dimensions.ts';

/** What is to be said beside a name; null where the name alone tells. */
export type Whose = (key: ReportKey | undefined) => string | null;

/** What tells those of one name apart: their trackers, their ids there or at the ad platform, or both. */
export interface Apart {
  byTracker: boolean;
  byId: boolean;
}

export const nameOf = ({ name, externalId }: { name: string | null; externalId: string }): string => name ?? externalId;

/** By name, those that stand there for more than one. */
export function sharedNames(keys: readonly (ReportKey | undefined)[]): ReadonlyMap<string, Apart> {
  const named = new Map<string, { owners: Set<string>; entries: Set<string> }>();
  for (const key of keys) {
    if (typeof key !== 'object' || key === null) continue;
    const { owners, entries } = named.get(nameOf(key)) ?? { owners: new Set(), entries: new Set() };
    const owner = key.configId ?? '';
    named.set(nameOf(key), { owners: owners.add(owner), entries: entries.add(`${owner} ${key.externalId}`) });
  }
  return new Map(
    [...named].flatMap(([name, { owners, entries }]) => {
      const apart = { byTracker: owners.size > 1, byId: entries.size > owners.size };
      return apart.byTracker || apart.byId ? [[name, apart] as const] : [];
    }),
  );
}

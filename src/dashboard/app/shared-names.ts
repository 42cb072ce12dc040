// Names that stand for more than one thing.
import type { ReportKey } from './dimensions.ts';

/** The tracker's name; null where the name alone tells. */
export type Whose = (key: ReportKey | undefined) => string | null;

export const nameOf = ({ name, externalId }: { name: string | null; externalId: string }): string => name ?? externalId;

/** @returns names that stand there for entries of more than one tracker */
export function sharedNames(keys: readonly (ReportKey | undefined)[]): ReadonlySet<string> {
  const owners = new Map<string, Set<string>>();
  for (const key of keys) {
    if (typeof key !== 'object' || key?.configId === undefined) continue;
    const own = owners.get(nameOf(key)) ?? new Set();
    owners.set(nameOf(key), own.add(key.configId));
  }
  return new Set([...owners].filter(([, ids]) => ids.size > 1).map(([name]) => name));
}

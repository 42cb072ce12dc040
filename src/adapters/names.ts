// Names to ids: a log that names what a row went through gets the ids looked up, once a session.
import type { CatalogResource } from '../core/resources.ts';
import { ask } from './asking.ts';
import type { Session } from './session.ts';
import type { MapContext, NameSource } from './sources.ts';

const KNOWN = 'ids by name';

type Ids = ReadonlyMap<string, string | null>;

const keyOf = (resource: CatalogResource, name: string): string => `${resource} ${name}`;

/** @throws TrackerError */
export async function lookUpNames(session: Session, source: NameSource | undefined): Promise<void> {
  if (source === undefined || session.known.has(KNOWN)) return;
  const { items } = await ask(session, source.request(), source.names);
  const ids = new Map<string, string | null>();
  for (const { resource, id, name } of items as NonNullable<ReturnType<NameSource['names']>>) {
    const key = keyOf(resource, name);
    // Which of two is meant, nobody knows.
    ids.set(key, ids.has(key) && ids.get(key) !== id ? null : id);
  }
  session.known.set(KNOWN, ids);
}

export function idsByName(session: Session): MapContext['idOf'] {
  const ids = session.known.get(KNOWN) as Ids | undefined;
  return (resource, name) => (name === null ? null : (ids?.get(keyOf(resource, name)) ?? null));
}

// A declaration as one connection's settings make it: the tracker's own settings first, then other paths for what is only assumed.
import { CATALOG_RESOURCES, LOG_RESOURCES } from '../core/resources.ts';
import type { Adapter, ConnectionSettings } from './adapter.ts';
import type { Listing, TrackerRequest } from './sources.ts';

/** Without settings that matter, the declaration itself. */
export function configured(adapter: Adapter, settings: ConnectionSettings): Adapter {
  const declared = adapter.withSettings === undefined ? adapter : { ...adapter, ...adapter.withSettings(settings) };
  return settings.paths === undefined ? declared : withPaths(declared, settings.paths);
}

/** Where a path from the settings lies: `/x` below the tracker's URL, `x` below its API. */
export const placeOf = (path: string): Pick<TrackerRequest, 'path' | 'isFromRoot'> =>
  path.startsWith('/') ? { path, isFromRoot: true } : { path: `/${path}` };

function withPaths(adapter: Adapter, paths: NonNullable<ConnectionSettings['paths']>): Adapter {
  const catalog: Adapter['catalog'] = { ...adapter.catalog };
  for (const resource of CATALOG_RESOURCES) {
    const [source, path] = [catalog[resource], paths[resource]];
    if (source?.evidence !== 'assumed' || path === undefined) continue;
    Object.assign(catalog, { [resource]: { ...source, listings: source.listings.slice(0, 1).map(listedAt(path)) } });
  }
  const logs: Adapter['logs'] = { ...adapter.logs };
  for (const resource of LOG_RESOURCES) {
    const [source, path] = [logs[resource], paths[resource]];
    if (source?.evidence !== 'assumed' || path === undefined) continue;
    Object.assign(logs, { [resource]: { ...source, variants: askedAt(source.variants, path) } });
  }
  const { totals } = adapter;
  if (totals?.evidence !== 'assumed' || paths.totals === undefined) return { ...adapter, catalog, logs };
  return { ...adapter, catalog, logs, totals: { ...totals, variants: askedAt(totals.variants, paths.totals) } };
}

/** A list that a person names is the whole one: there is no second beside it, and none per parent. */
const listedAt =
  (path: string) =>
  ({ perParent: _, ...listing }: Listing): Listing => ({
    ...listing,
    request: (page, parentId) => ({ ...listing.request(page, parentId), ...placeOf(path) }),
  });

function askedAt<A extends unknown[]>(
  variants: Readonly<Record<string, { request(...asked: A): TrackerRequest }>>,
  path: string,
): Record<string, { request(...asked: A): TrackerRequest }> {
  const moved = Object.entries(variants).map(([name, variant]) => {
    const request = (...asked: A): TrackerRequest => ({ ...variant.request(...asked), ...placeOf(path) });
    return [name, { ...variant, request }] as const;
  });
  return Object.fromEntries(moved);
}

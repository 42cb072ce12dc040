// The plain contract that a TG Tracker is assumed to keep, in the names that the connection's settings give: pages of
// lists, and of logs in order of time within a half-open range.
import type { CatalogResource, Evidence, Json, LogResource } from '../core/resources.ts';
import { type Range, SECOND_MS } from '../core/windows.ts';
import type { Adapter, ConnectionSettings } from './adapter.ts';
import { placeOf } from './configured.ts';
import type { Paging } from './paging.ts';
import { bareList, count, isObject } from './reading.ts';
import type { Listing, LogVariant, PageAsk } from './sources.ts';
import { clickMap, conversionMap, entryMaps, within } from './tg-tracker-records.ts';
import { namesOf, type TgTrackerNames } from './tg-tracker-settings.ts';

const evidence: Evidence = 'assumed';
const ROWS = { lists: 500, logs: 1_000 };

const PATHS: Readonly<Record<CatalogResource | LogResource, string>> = {
  campaigns: 'campaigns',
  offers: 'offers',
  landing_pages: 'landings',
  flows: 'flows',
  traffic_sources: 'sources',
  affiliate_networks: 'networks',
  clicks: 'clicks',
  conversions: 'conversions',
};

/** With the shared `paths` the engine does the rest; only the test's own call has no resource. */
export function contract(settings: ConnectionSettings): Pick<Adapter, 'test' | 'catalog' | 'logs'> {
  const names = namesOf(settings);
  const maps = entryMaps(names);
  const source = <R extends CatalogResource>(resource: R) => ({
    ...{ evidence, listings: [listing(names, PATHS[resource])], map: maps[resource] },
  });
  return {
    test: { ...listing(names, names.paths?.campaigns ?? PATHS.campaigns), paging: pagingOf(names, 1, 'end') },
    catalog: {
      campaigns: source('campaigns'),
      offers: source('offers'),
      landing_pages: source('landing_pages'),
      flows: source('flows'),
      traffic_sources: source('traffic_sources'),
      affiliate_networks: source('affiliate_networks'),
    },
    logs: {
      clicks: { ...log(names, PATHS.clicks), ...clickMap(names) },
      conversions: { ...log(names, PATHS.conversions), ...conversionMap(names) },
    },
  };
}

function listing(names: TgTrackerNames, path: string): Listing {
  return {
    request: (page) => ({ method: 'GET', ...placeOf(path), query: pageQuery(names, page) }),
    // A list that knows no pages is whole each time.
    paging: pagingOf(names, names.pageSize ?? ROWS.lists, 'end'),
    items: itemsOf(names),
    total: totalOf(names),
  };
}

function log(names: TgTrackerNames, path: string) {
  const plain: LogVariant = {
    request: (window, page) => ({
      method: 'GET',
      ...placeOf(path),
      query: { ...rangeQuery(names, window), ...pageQuery(names, page) },
    }),
  };
  return {
    ...{ evidence, grainMs: SECOND_MS, variants: { plain } },
    paging: pagingOf(names, names.pageSize ?? ROWS.logs, 'fail'),
    items: itemsOf(names),
    total: totalOf(names),
  };
}

const pagingOf = ({ paging }: TgTrackerNames, limit: number, onRepeat: 'end' | 'fail'): Paging => ({
  ...{ limit, onRepeat, maxPages: 10_000, isCautious: true },
  ...(paging === 'page' ? { style: 'page', firstPage: 1 } : { style: 'offset' }),
});

const pageQuery = (names: TgTrackerNames, { page, offset, limit }: PageAsk) => ({
  [names.pageParam]: names.paging === 'page' ? page : offset,
  [names.pageSizeParam]: limit,
});

const rangeQuery = ({ timeFormat, fromParam, toParam }: TgTrackerNames, { from, to }: Range) => {
  const told = (second: number): string | number =>
    timeFormat === 'unix' ? second : new Date(second * SECOND_MS).toISOString().replace('.000', '');
  return {
    [fromParam]: told(Math.floor(from.getTime() / SECOND_MS)),
    [toParam]: told(Math.ceil(to.getTime() / SECOND_MS)),
  };
};

function itemsOf({ itemsField }: TgTrackerNames): (body: Json) => Json[] | null {
  const places = itemsField === undefined ? ['data', 'items'] : [itemsField];
  const paths = places.map((place) => place.split('.'));
  return (body) => {
    if (!isObject(body)) return itemsField === undefined ? bareList(body) : null;
    const found = paths.map((path) => within(body, path)).find((value) => value !== undefined);
    return found === undefined ? null : bareList(found);
  };
}

function totalOf({ totalField }: TgTrackerNames): (body: Json) => number | null {
  const places = totalField === undefined ? ['meta.total', 'total'] : [totalField];
  const paths = places.map((place) => place.split('.'));
  return (body) => count(paths.map((path) => within(body, path)).find((value) => value !== undefined));
}

// What a tracker declares: one object, no loops, no retries, no logging. The engine (`pull-catalog.ts`, `pull-log.ts`, `pull-totals.ts`) does what it says.
import type { z } from 'zod';
import type { ErrorKind } from '../core/errors.ts';
import type { CatalogResource, Json, LogResource, Resource } from '../core/resources.ts';
import type { ConversionStatus, StatusMap } from '../core/statuses.ts';
import type { Limits } from './limits.ts';
import type { CatalogSource, Listing, LogSource, TotalsSource } from './sources.ts';

/** How a credential travels with every call; a tracker may ask for several at once. */
export type Auth =
  | { style: 'header'; name: string; credential: string; prefix?: string }
  | { style: 'query'; name: string; credential: string }
  | ({ style: 'token'; name: string } & TokenSource);

/** A token that a login gives, and that goes in a header with every call until its end. */
export interface TokenSource {
  /** The first one whose credentials are all filled in. */
  logins: readonly Login[];
  tokenOf(body: Json): { value: string; expiresAt: Date } | null;
  /** No token lives longer, whatever its own time says: that may be a clock's that is wrong. */
  lifeMs: number;
  /** Logged in anew so long before the end. */
  renewBeforeMs: number;
}

/** The credentials go as JSON, by their names. */
export interface Login {
  credentials: readonly string[];
  /** In the order they are tried: the next one where there is no such path (404, 405). */
  paths: readonly string[];
}

export interface Adapter {
  type: string;
  title: string;
  /** Two letters and a colour: how the tracker is marked on every page. */
  mark: { letters: string; color: string };
  docsUrl: string;
  /** Whose they are, where the tracker has none that are public. */
  docsOf?: string;
  /** The form's fields; a field's `meta` has title, description, and `secret: 'key' | 'password'`. */
  credentials: z.ZodObject;
  settings: z.ZodObject;
  url: { isRequired: boolean; default: string | null; apiPath: string };
  auth: readonly Auth[];
  /** The cheapest call that proves the key. */
  test: Listing;
  catalog: { [R in CatalogResource]?: CatalogSource<R> };
  logs: { [R in LogResource]?: LogSource<R> };
  totals?: TotalsSource;
  limits: Limits;
  statuses: StatusMap;
  /** What a word means that is not in the map, until a person says otherwise; without it, it is unmapped. */
  otherStatuses?: ConversionStatus;
  /** The parts of the declaration that depend on the connection's settings; what is declared beside it holds for the defaults. */
  withSettings?(settings: ConnectionSettings): Partial<Pick<Adapter, 'test' | 'catalog' | 'logs' | 'totals'>>;
  /** What a 200 says that is none; null for an answer. */
  refusal?(body: Json): Refusal | null;
  /** The tracker's own words of an answer that is an error; null where they lie where they usually do. */
  errorWords?(body: Json): string | null;
  /** Words in an answer, whatever its status, that ask us to slow down. */
  slowDownWords?: readonly string[];
  /** Statuses that mean a bad key where nothing is answered; 401 always does. */
  badKeyStatuses?: readonly number[];
}

/** A refusal in the tracker's own words. */
export interface Refusal {
  kind: ErrorKind;
  said: string;
}

/** As the adapter's own schema parsed them (`settingsOf`): beside these, whatever else it has. */
export interface ConnectionSettings {
  currency: string;
  timezone: string;
  paths?: { readonly [R in Resource]?: string | undefined } | undefined;
  callsPerMinute?: number | undefined;
  readonly [name: string]: unknown;
}

/** A connected account as the engine needs it: opened credentials never leave the process. */
export interface Connection {
  url: string;
  credentials: Readonly<Record<string, string>>;
  settings: ConnectionSettings;
}

/** Keeps a declaration's exact type, for the registry. */
export function defineAdapter<const A extends Adapter>(adapter: A): A {
  return adapter;
}

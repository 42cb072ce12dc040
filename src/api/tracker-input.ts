// What a person says of a tracker: schemas derived from the adapters' declarations, and the checks behind them.
import { z } from '@hono/zod-openapi';
import type { ZodObject, ZodType } from 'zod';
import type { Adapter } from '../adapters/adapter.ts';
import { normalizeUrl } from '../adapters/url.ts';
import { TrackerError } from '../core/errors.ts';
import type { JsonObject } from '../core/resources.ts';
import type { Credentials } from '../store/vault-credentials.ts';
import { badInput, badInputOf } from './problems.ts';
import { json } from './wire.ts';

const LONGEST_URL = 2_000;

export const nameSchema = z.string().trim().min(1).max(200);
export const urlSchema = z.string().trim().min(1).max(LONGEST_URL);

/** A connection as it comes in; `type` decides what else is right. */
export interface ConnectionInput {
  type: string;
  url?: string | undefined;
  credentials: Credentials;
  settings: JsonObject;
}

/** One schema per tracker, told apart by `type`. `extra` are the fields that every one has beside the connection. */
export function connectionSchema<E extends Record<string, ZodType>>(
  adapters: Readonly<Record<string, Adapter>>,
  extra: E,
): ZodType<ConnectionInput & z.output<ZodObject<E>>, unknown> {
  const variants = Object.values(adapters).map((adapter) =>
    z
      .strictObject({
        type: z.literal(adapter.type),
        url: adapter.url.isRequired ? urlSchema : urlSchema.optional(),
        credentials: adapter.credentials,
        settings: adapter.settings.prefault({}),
        ...extra,
      })
      .openapi({ title: adapter.title }),
  );
  const [first, ...rest] = variants;
  if (first === undefined) throw new RangeError('there is no adapter');
  // What the variants have in common cannot be told to the compiler, which does not know the adapters' own fields.
  return z.discriminatedUnion('type', [first, ...rest]) as unknown as ZodType<
    ConnectionInput & z.output<ZodObject<E>>,
    unknown
  >;
}

/** Of the first tracker whose credentials are one plain form. */
export function connectionExample(adapters: Readonly<Record<string, Adapter>>): object {
  for (const { type, credentials, url } of Object.values(adapters)) {
    if (!(credentials instanceof z.ZodObject)) continue;
    const held = Object.fromEntries(Object.keys(credentials.shape).map((field) => [field, 'a key from its settings']));
    return { type, ...(url.isRequired ? { url: 'https://panel.example.com' } : {}), credentials: held };
  }
  throw new RangeError('no adapter has plain credentials');
}

/** @throws Problem at `url` where the address is none */
export function urlOf(adapter: Adapter, given: string | undefined): string {
  const address = given ?? adapter.url.default;
  if (address === null) throw badInput('url', 'is required for this tracker');
  try {
    return normalizeUrl(adapter, address);
  } catch (error) {
    if (error instanceof TrackerError) throw badInput('url', error.message);
    throw error;
  }
}

/** New settings over the stored ones; a field set to null goes back to its default. */
export function mergedSettings(adapter: Adapter, stored: JsonObject, change: JsonObject): JsonObject {
  const merged = Object.entries({ ...stored, ...change }).filter(([, value]) => value !== null);
  const parsed = adapter.settings.safeParse(Object.fromEntries(merged));
  if (!parsed.success) throw badInputOf(parsed.error, ['settings']);
  return z.record(z.string(), json).parse(parsed.data);
}

export function credentialsFor(adapter: Adapter, given: unknown): Credentials {
  const parsed = adapter.credentials.safeParse(given);
  if (!parsed.success) throw badInputOf(parsed.error, ['credentials']);
  return z.record(z.string(), z.string()).parse(parsed.data);
}

const HINT_LENGTH = 4;
const SHORTEST_HINTED = 16;

/** The last four characters of a long key; null for a short one, and always for a password. */
export function credentialHints(adapter: Adapter, credentials: Credentials): Record<string, string | null> {
  const hints = Object.entries(credentials).map(([field, value]): [string, string | null] => {
    const isKey = secretKind(adapter.credentials.shape[field]) === 'key';
    return [field, isKey && value.length >= SHORTEST_HINTED ? value.slice(-HINT_LENGTH) : null];
  });
  return Object.fromEntries(hints);
}

function secretKind(field: unknown): unknown {
  const meta = field instanceof z.ZodType ? field.meta() : undefined;
  return meta?.secret;
}

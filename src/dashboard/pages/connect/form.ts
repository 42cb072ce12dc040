// The connect form as data: its fields out of the tracker's JSON Schemas, and what is sent of what was typed.
import type { Json } from '../../../core/resources.ts';
import type { TrackerType } from '../../app/trackers.ts';
import type { TestResult } from './TestOutcome.tsx';

export interface Field {
  /** As the API names it in errors: `credentials.apiKey`. */
  path: string;
  key: string;
  title: string;
  help: string | undefined;
  kind: 'text' | 'secret' | 'number' | 'choice' | 'json';
  isRequired: boolean;
  choices: string[];
  /** What counts where nothing is typed. */
  usual: string | undefined;
}

interface Property {
  type?: string;
  title?: string;
  description?: string;
  secret?: string;
  enum?: string[];
  default?: unknown;
}

export function fieldsOf(type: TrackerType, part: 'credentials' | 'settings'): Field[] {
  const schema = type[part] as { properties?: Record<string, Property>; required?: string[] };
  return Object.entries(schema.properties ?? {}).map(([key, property]): Field => {
    const isMany = property.type === 'object' || property.type === 'array';
    const isNumber = property.type === 'integer' || property.type === 'number';
    const single = property.secret !== undefined ? 'secret' : property.enum ? 'choice' : isNumber ? 'number' : 'text';
    const kind = isMany ? 'json' : single;
    return {
      ...{ path: `${part}.${key}`, key, kind, title: property.title ?? key, help: property.description },
      isRequired: schema.required?.includes(key) ?? false,
      choices: property.enum ?? [],
      usual: property.default === undefined ? undefined : textOf(property.default),
    };
  });
}

/** By the fields' paths, and `name` and `url`. */
export type Typed = Readonly<Record<string, string>>;

/** As a field shows it. */
export const textOf = (value: unknown): string =>
  typeof value === 'object' && value !== null ? JSON.stringify(value, null, 2) : String(value ?? '');

export function valuesOf(fields: readonly Field[], typed: Typed): Record<string, Json> {
  return Object.fromEntries(
    fields.flatMap(({ path, key, kind }): [string, Json][] => {
      const text = typed[path]?.trim() ?? '';
      return text === '' ? [] : [[key, meantBy(kind, text)]];
    }),
  );
}

/** What is no number or no JSON goes as it is: the API says so at its field. */
function meantBy(kind: Field['kind'], text: string): Json {
  try {
    if (kind === 'number') return Number.isNaN(Number(text)) ? text : Number(text);
    return kind === 'json' ? (JSON.parse(text) as Json) : text;
  } catch {
    return text;
  }
}

/** What the API says of a field, or of a part of it. */
export function errorAt(path: string, errors: Readonly<Record<string, string>>): string | undefined {
  const part = Object.keys(errors).find((key) => key.startsWith(`${path}.`));
  return errors[path] ?? (part === undefined ? undefined : `${part.slice(path.length + 1)}: ${errors[part]}`);
}

/** What is missing, by field. */
export function missingIn(type: TrackerType, typed: Typed): Record<string, string> {
  const needed: [string, string][] = fieldsOf(type, 'credentials')
    .filter(({ isRequired }) => isRequired)
    .map(({ path, title }) => [path, `${title} is missing.`]);
  if (type.urlRequired) needed.push(['url', 'The address of your tracker is missing.']);
  return Object.fromEntries(needed.filter(([path]) => (typed[path]?.trim() ?? '') === ''));
}

/** As the API keeps it, but for the path of its own. */
const addressOf = (typed: string): string | null => {
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(typed) ? typed : `https://${typed}`);
  return url === null ? null : `${url.host}${url.pathname.replace(/\/+$/, '')}`;
};

/** Who has this address already; of a tracker with one address for all its customers that tells nothing. */
export function sameAs<T extends { type: string; url: string }>(type: TrackerType, typed: Typed, all: readonly T[]) {
  const address = addressOf(typed.url?.trim() ?? '');
  if (address === null || !type.urlRequired) return undefined;
  return all.find((one) => one.type === type.type && addressOf(one.url) === address);
}

/** What is told once it is saved. */
export function savedWords(test: TestResult | undefined, isTwice: boolean): string {
  if (test?.ok === false) {
    const refused = test.error.kind === 'auth' ? 'The tracker refused the key' : 'The tracker cannot be read yet';
    return `Saved. ${refused}: ${test.error.message}`;
  }
  if (isTwice) return 'Saved. The same account is connected already: its figures count twice where both are summed.';
  if (test === undefined) return 'Saved. It was not tested: how the first sync goes is told here.';
  return 'Connected. Its history comes in, newest day first.';
}

export function connectionOf(type: TrackerType, typed: Typed) {
  const url = typed.url?.trim() ?? '';
  return {
    type: type.type,
    ...(url === '' ? {} : { url }),
    credentials: valuesOf(fieldsOf(type, 'credentials'), typed) as Record<string, string>,
    settings: valuesOf(fieldsOf(type, 'settings'), typed),
  };
}

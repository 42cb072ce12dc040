// The connect form as data: its fields out of the tracker's JSON Schemas, and what is sent of what was typed.
import type { TrackerType } from '../../app/trackers.ts';

export interface Field {
  /** As the API names it in errors: `credentials.apiKey`. */
  path: string;
  key: string;
  title: string;
  help: string | undefined;
  kind: 'text' | 'secret' | 'number' | 'choice';
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

/** Of settings, those that are one value each; the rest is for the API. */
export function fieldsOf(type: TrackerType, part: 'credentials' | 'settings'): Field[] {
  const schema = type[part] as { properties?: Record<string, Property>; required?: string[] };
  return Object.entries(schema.properties ?? {}).flatMap(([key, property]): Field[] => {
    if (property.type === 'object' || property.type === 'array') return [];
    const isNumber = property.type === 'integer' || property.type === 'number';
    const kind = property.secret !== undefined ? 'secret' : property.enum ? 'choice' : isNumber ? 'number' : 'text';
    return [
      {
        ...{ path: `${part}.${key}`, key, kind, title: property.title ?? key, help: property.description },
        isRequired: schema.required?.includes(key) ?? false,
        choices: property.enum ?? [],
        usual: property.default === undefined ? undefined : String(property.default),
      },
    ];
  });
}

/** By the fields' paths, and `name` and `url`. */
export type Typed = Readonly<Record<string, string>>;

export function valuesOf(fields: readonly Field[], typed: Typed): Record<string, string | number> {
  return Object.fromEntries(
    fields.flatMap(({ path, key, kind }): [string, string | number][] => {
      const text = typed[path]?.trim() ?? '';
      if (text === '') return [];
      const figure = Number(text);
      // What is no number goes as it is: the API says so at its field.
      return [[key, kind === 'number' && !Number.isNaN(figure) ? figure : text]];
    }),
  );
}

/** What is missing, by field. */
export function missingIn(type: TrackerType, typed: Typed): Record<string, string> {
  const needed: [string, string][] = fieldsOf(type, 'credentials')
    .filter(({ isRequired }) => isRequired)
    .map(({ path, title }) => [path, `${title} is missing.`]);
  if (type.urlRequired) needed.push(['url', 'The address of your tracker is missing.']);
  return Object.fromEntries(needed.filter(([path]) => (typed[path]?.trim() ?? '') === ''));
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

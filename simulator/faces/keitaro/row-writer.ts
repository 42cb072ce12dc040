// Writes log rows as JSON text: what rows share is written once and joined, the rest is written per row.
import { devices } from '../../ledger/devices.ts';
import { places } from '../../ledger/places.ts';
import type { ColumnTables } from './click-columns.ts';
import type { RowScope } from './row-scope.ts';

const groups = ['path', 'variant', 'place', 'device', 'second', 'row'] as const;
type Group = (typeof groups)[number];

/** The names that no table knows. */
export function unknownColumns(columns: string[], tables: ColumnTables): string[] {
  return columns.filter((name) => !groups.some((group) => Object.hasOwn(tables[group], name)));
}

/** Writes rows of the given known columns. One writer serves one request: it keeps the fragments it has joined. */
export class RowWriter {
  readonly #scope: RowScope;
  readonly #tables: ColumnTables;
  /** Per group its columns, each with the text in front of its value. */
  readonly #columns: Record<Group, { before: string; name: string }[]>;
  readonly #paths: string[][] = [];
  readonly #variants: string[][] = [];
  readonly #places: string[];
  readonly #devices: string[];
  readonly #rowColumns: { before: string; write: (row: RowScope) => string }[];
  #second = Number.NaN;
  #secondText = '';

  constructor(columns: string[], tables: ColumnTables, scope: RowScope) {
    this.#scope = scope;
    this.#tables = tables;
    const wanted = [...new Set(columns)];
    let separator = '';
    const columnsIn = (group: Group) =>
      wanted
        .filter((name) => Object.hasOwn(tables[group], name))
        .map((name) => {
          const before = `${separator}"${name}":`;
          separator = ',';
          return { before, name };
        });
    this.#columns = {
      path: columnsIn('path'),
      variant: columnsIn('variant'),
      place: columnsIn('place'),
      device: columnsIn('device'),
      second: columnsIn('second'),
      row: columnsIn('row'),
    };
    this.#places = places.map((place) => this.#join('place', (name) => tables.place[name]!(place)));
    this.#devices = devices.map((device) => this.#join('device', (name) => tables.device[name]!(device)));
    this.#rowColumns = this.#columns.row.map(({ before, name }) => ({ before, write: tables.row[name]! }));
  }

  /** The row the scope points at, as a JSON object. */
  write(): string {
    const scope = this.#scope;
    const { fields } = scope.ledger;
    const { index, campaign } = scope;
    if (scope.second !== this.#second) this.#setSecond(scope.second);
    let text =
      '{' +
      this.#pathText(campaign, scope.path) +
      this.#variantText(campaign, fields.variant(index, campaign)) +
      this.#places[fields.place(index)] +
      this.#devices[fields.device(index)] +
      this.#secondText;
    for (const column of this.#rowColumns) text += column.before + column.write(scope);
    return `${text}}`;
  }

  #pathText(campaign: number, path: number): string {
    this.#paths[campaign] ??= [];
    const texts = this.#paths[campaign];
    texts[path] ??= this.#join('path', (name) => {
      const owner = this.#scope.ledger.catalog.campaigns[campaign]!;
      return this.#tables.path[name]!(owner, owner.paths[path]!, this.#scope.quirks);
    });
    return texts[path];
  }

  #variantText(campaign: number, variant: number): string {
    this.#variants[campaign] ??= [];
    const texts = this.#variants[campaign];
    texts[variant] ??= this.#join('variant', (name) =>
      this.#tables.variant[name]!(this.#scope.ledger.catalog.campaigns[campaign]!.variants[variant]!),
    );
    return texts[variant];
  }

  #setSecond(second: number): void {
    this.#second = second;
    const wall = this.#scope.zone.wallOf(second);
    this.#secondText = this.#join('second', (name) => this.#tables.second[name]!(wall));
  }

  #join(group: Group, write: (name: string) => string): string {
    return this.#columns[group].map(({ before, name }) => before + write(name)).join('');
  }
}

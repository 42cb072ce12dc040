// How one installation writes its values: ids, flags, money, dates, parameters.
import { asciiJson, jsonText } from '../../json-text.ts';
import { decimalOf } from '../../ledger/money.ts';
import { Zone } from '../../zone.ts';
import type { KeitaroOptions } from './options.ts';

/** Writes values as JSON text in the ways the options ask for. */
export class Quirks {
  readonly #options: KeitaroOptions;
  readonly #utc = new Zone('UTC');

  constructor(options: KeitaroOptions) {
    this.#options = options;
  }

  /** Int or numeric text; none is 0 or "". */
  id(id: number | null | undefined): string {
    if (this.#options.ids === 'text') return id === null || id === undefined ? '""' : `"${id}"`;
    return String(id ?? 0);
  }

  flag(value: boolean): string {
    if (this.#options.booleans === 'int') return value ? '1' : '0';
    return String(value);
  }

  money(micros: number): string {
    const decimal = decimalOf(micros);
    return this.#options.money === 'text' ? `"${decimal}"` : decimal;
  }

  /** An entity's date, by the panel's UTC wall, as text or as PHP writes a DateTime. */
  date(second: number): string {
    const wall = this.#utc.wallOf(second);
    if (this.#options.dates === 'text') return `"${wall}"`;
    return `{"date":"${wall}.000000","timezone_type":3,"timezone":"UTC"}`;
  }

  /** Parameters as an object, as JSON text, or as JSON text in JSON text. */
  parameters(parameters: Record<string, unknown> | unknown[]): string {
    const object = asciiJson(parameters);
    if (this.#options.parameters === 'object') return object;
    return this.#options.parameters === 'text' ? jsonText(object) : jsonText(JSON.stringify(object));
  }

  /** The secret that stands in the catalog, see `planted.ts`. */
  get planted(): string | null {
    return this.#options.planted;
  }

  total(total: number): string {
    switch (this.#options.total) {
      case 'missing':
        return '';
      case 'text':
        return `,"total":"${total}"`;
      case 'tooSmall':
        return `,"total":${Math.floor(total / 2)}`;
      case 'tooLarge':
        return `,"total":${total * 2 + 1000}`;
      default:
        return `,"total":${total}`;
    }
  }
}

// True answers made wrong: their rows changed, bytes that are no text, totals that lie, numbers that no double can hold.

/** The same JSON with other rows: those of its first list that is not empty, or the items of a bare one. What is no JSON stays as it is. */
export function withRows(body: Buffer, change: (rows: unknown[]) => unknown[]): Buffer {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    return body;
  }
  if (Array.isArray(value)) return Buffer.from(JSON.stringify(change(value)));
  if (typeof value !== 'object' || value === null) return body;
  const [name, rows] = Object.entries(value).find(([, held]) => Array.isArray(held) && held.length > 0) ?? [];
  return name === undefined ? body : Buffer.from(JSON.stringify({ ...value, [name]: change(rows as unknown[]) }));
}

const freeText = /"(?:name|title|city|region|country\w*|os|browser|device\w*|refer\w*|keyword|user_?agent)":"/i;

/** Puts invalid bytes into the first text that a visitor or an owner has written: where there is none, before the answer. */
export function withInvalidUtf8(body: Buffer): Buffer {
  const found = freeText.exec(body.toString('latin1'));
  const cut = found === null ? 0 : found.index + found[0].length;
  return Buffer.concat([body.subarray(0, cut), Buffer.from([0xc3, 0x28, 0xff]), body.subarray(cut)]);
}

/** Every count of the whole list multiplied, in whichever of its usual names it comes, as a number or as text. */
export function withTotal(body: Buffer, factor: number): Buffer {
  const told = /("(?:total|totalRows|total_rows|total_count)"\s*:\s*"?)(\d+)/g;
  return replaced(body, told, (_, name: string, count: string) => `${name}${Math.floor(Number(count) * factor)}`);
}

/** One more number at the head of every object that is not empty: put in as text, which no reading rounds. */
export function withNumbers(body: Buffer, value: string): Buffer {
  return replaced(body, /\{(?=")/g, () => `{"beyond":${value},`);
}

/** Byte for byte where nothing matches. */
const replaced = (body: Buffer, pattern: RegExp, by: (...found: string[]) => string): Buffer =>
  Buffer.from(body.toString('latin1').replace(pattern, by), 'latin1');

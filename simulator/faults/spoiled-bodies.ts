// True answers made wrong: their rows changed, bytes that are no text, totals that lie, numbers that no double can hold.

/** The same JSON with other rows: its first list that is not empty, in an envelope or not. What has none, or is no JSON, stays as it is. */
export function withRows(body: Buffer, change: (rows: unknown[]) => unknown[]): Buffer {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    return body;
  }
  const changed = changedIn(value, change, 2);
  return changed === undefined ? body : Buffer.from(JSON.stringify(changed));
}

/** Undefined where no list lies within so many levels: what is deeper belongs to a single row. */
function changedIn(value: unknown, change: (rows: unknown[]) => unknown[], levels: number): unknown {
  if (Array.isArray(value)) return value.length > 0 ? change(value) : undefined;
  if (typeof value !== 'object' || value === null || levels === 0) return undefined;
  for (const [name, held] of Object.entries(value)) {
    const changed = changedIn(held, change, levels - 1);
    if (changed !== undefined) return { ...value, [name]: changed };
  }
  return undefined;
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

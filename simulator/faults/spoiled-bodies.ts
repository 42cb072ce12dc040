// True answers made wrong: their rows backwards, or with bytes that are no text.

/** The same JSON with its rows (its first list that is not empty, or the items of a bare one) in reverse. What is no JSON stays as it is. */
export function reversedRows(body: Buffer): Buffer {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    return body;
  }
  if (Array.isArray(value)) return Buffer.from(JSON.stringify(value.reverse()));
  if (typeof value !== 'object' || value === null) return body;
  const [name, rows] = Object.entries(value).find(([, held]) => Array.isArray(held) && held.length > 0) ?? [];
  return name === undefined ? body : Buffer.from(JSON.stringify({ ...value, [name]: (rows as unknown[]).reverse() }));
}

/** Puts an invalid byte pair behind the first colon and quote: inside a text value where there is one. */
export function withInvalidUtf8(body: Buffer): Buffer {
  const position = body.indexOf(':"');
  const cut = position < 0 ? 0 : position + 2;
  return Buffer.concat([body.subarray(0, cut), Buffer.from([0xc3, 0x28, 0xff]), body.subarray(cut)]);
}

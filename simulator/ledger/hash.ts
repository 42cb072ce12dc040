// The seeded hash every made-up value is drawn from: value = hash(seed, index, lane).

/** Scrambles a 32-bit integer so that every bit of the input changes about half of the output's (murmur3's finalizer). */
function scramble(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Turns a user's seed and a purpose into a key, so that neighbouring seeds and different purposes share no draws. */
export function keyOf(seed: number, purpose: number): number {
  return scramble(scramble(seed | 0) ^ Math.imul(purpose + 1, 0x9e3779b1));
}

/** Draws an unsigned 32-bit integer for one index and lane. The same arguments always give the same number. */
export function draw(key: number, index: number, lane: number): number {
  return scramble(((Math.imul(index, 0x9e3779b1) ^ key) + Math.imul(lane, 0x632be5ab)) | 0);
}

/** Draws an integer in [0, bound). `bound` is at most 2^32. */
export function drawBelow(key: number, index: number, lane: number, bound: number): number {
  return Math.floor((draw(key, index, lane) / 0x1_0000_0000) * bound);
}

const fourHexDigits = Array.from({ length: 0x1_0000 }, (_, number) => number.toString(16).padStart(4, '0'));

/** Draws lowercase hexadecimal text of `length` characters. */
export function drawHex(key: number, index: number, lane: number, length: number): string {
  let text = '';
  for (let part = 0; text.length < length; part++) {
    const drawn = draw(key, index, lane + part * 1009);
    text += fourHexDigits[drawn >>> 16]! + fourHexDigits[drawn & 0xffff]!;
  }
  return text.length === length ? text : text.slice(0, length);
}

/** Draws a UUID (version 4 in form). */
export function drawUuid(key: number, index: number, lane: number): string {
  const a = draw(key, index, lane);
  const b = draw(key, index, lane + 1009);
  const c = draw(key, index, lane + 2018);
  const d = draw(key, index, lane + 3027);
  const four = fourHexDigits;
  const version = 0x4000 | (b & 0x0fff);
  const variant = 0x8000 | ((c >>> 16) & 0x3fff);
  return `${four[a >>> 16]}${four[a & 0xffff]}-${four[b >>> 16]}-${four[version]}-${four[variant]}-${four[c & 0xffff]}${four[d >>> 16]}${four[d & 0xffff]}`;
}

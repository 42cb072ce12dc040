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

/** Draws lowercase hexadecimal text of `length` characters. */
export function drawHex(key: number, index: number, lane: number, length: number): string {
  let text = '';
  for (let part = 0; text.length < length; part++) {
    text += draw(key, index, lane + part * 1009)
      .toString(16)
      .padStart(8, '0');
  }
  return text.slice(0, length);
}

/** Draws a UUID (version 4 in form). */
export function drawUuid(key: number, index: number, lane: number): string {
  const hex = drawHex(key, index, lane, 32);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}

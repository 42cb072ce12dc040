// Looks for secrets in streams of bytes, in every spelling that a program may give them. Shares nothing with what hides them.

/** A secret in one spelling, as bytes. */
export interface Needle {
  secret: string;
  spelling: string;
  bytes: Buffer;
}

export interface Hit {
  secret: string;
  spelling: string;
  where: string;
}

/** All spellings of secrets, given by a name each; a secret may be the beginning of longer ones. */
export function needlesFor(secrets: Readonly<Record<string, string>>): Needle[] {
  return Object.entries(secrets).flatMap(([secret, text]) => {
    const spellings = Object.entries(spellingsOf(Buffer.from(text)));
    const different = new Map(spellings.map(([spelling, found]) => [found, spelling]));
    return Array.from(different, ([found, spelling]) => ({ secret, spelling, bytes: Buffer.from(found) }));
  });
}

function spellingsOf(bytes: Buffer): Record<string, string> {
  const text = bytes.toString();
  const inBase64 = [0, 1, 2].map((before) => base64Core(bytes, before));
  const url = (base64: string): string => base64.replaceAll('+', '-').replaceAll('/', '_');
  return {
    clear: text,
    'JSON as PHP writes it': text.replaceAll('/', '\\/'),
    'JSON in JSON as PHP writes it': text.replaceAll('/', '\\\\\\/'),
    'URL-encoded': encodeURIComponent(text),
    'URL-encoded, lower case': encodeURIComponent(text).replaceAll(/%../g, (escaped) => escaped.toLowerCase()),
    'URL-encoded twice': encodeURIComponent(encodeURIComponent(text)),
    'as a form': asForm(text),
    'URL-encoded in a form': asForm(encodeURIComponent(text)),
    'as a form in a form': asForm(asForm(text)),
    'URL-encoded in whole': everyByte(bytes, '%'),
    'URL-encoded in whole, upper case': everyByte(bytes, '%').toUpperCase(),
    hex: everyByte(bytes, ''),
    'hex, upper case': everyByte(bytes, '').toUpperCase(),
    ...Object.fromEntries(inBase64.map((core, before) => [`base64 behind ${before}`, core])),
    ...Object.fromEntries(inBase64.map((core, before) => [`base64url behind ${before}`, url(core)])),
  };
}

const asForm = (text: string): string => new URLSearchParams([['', text]]).toString().slice(1);

const everyByte = (bytes: Buffer, mark: string): string =>
  [...bytes].map((byte) => mark + byte.toString(16).padStart(2, '0')).join('');

/** The characters of base64 that the bytes alone decide, when so many bytes of a group of three stand before them. */
function base64Core(bytes: Buffer, before: number): string {
  const whole = Buffer.concat([Buffer.alloc(before, 0x78), bytes, Buffer.alloc(3, 0x78)]).toString('base64');
  return whole.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
}

/** Searches parts of one stream as they come, also across their borders. Each spelling is told once a place. */
export class Search {
  readonly #needles: readonly Needle[];
  readonly #shortest: number;
  readonly #longest: number;
  /**
   * How far a search may step, by the last two bytes of what it looks at (Wu and Manber): a needle's length wherever no
   * needle has these two, so that gigabytes of other things cost little.
   */
  readonly #steps: Uint8Array;
  readonly hits: Hit[] = [];

  constructor(needles: readonly Needle[]) {
    this.#needles = needles;
    this.#shortest = Math.min(255, ...needles.map(({ bytes }) => bytes.length));
    this.#longest = Math.max(...needles.map(({ bytes }) => bytes.length));
    this.#steps = new Uint8Array(65_536).fill(this.#shortest - 1);
    for (const { bytes } of needles) {
      for (let end = 1; end < this.#shortest; end++) {
        const pair = (bytes[end - 1]! << 8) | bytes[end]!;
        this.#steps[pair] = Math.min(this.#steps[pair]!, this.#shortest - 1 - end);
      }
    }
  }

  /** @param where what a person needs to find it again */
  async stream(where: string, parts: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void> {
    const left = new Set(this.#needles);
    let before: Buffer = Buffer.alloc(0);
    for await (const part of parts) {
      const here = Buffer.concat([before, part]);
      for (const needle of this.#find(here, left)) {
        left.delete(needle);
        this.hits.push({ secret: needle.secret, spelling: needle.spelling, where });
      }
      before = here.subarray(Math.max(0, here.length - this.#longest + 1));
    }
  }

  *#find(here: Buffer, needles: Iterable<Needle>): Generator<Needle> {
    for (let end = this.#shortest - 1; end < here.length; ) {
      const step = this.#steps[(here[end - 1]! << 8) | here[end]!]!;
      if (step === 0) {
        const start = end - this.#shortest + 1;
        for (const needle of needles) {
          if (here.subarray(start, start + needle.bytes.length).equals(needle.bytes)) yield needle;
        }
      }
      end += Math.max(step, 1);
    }
  }

  text(where: string, text: string): Promise<void> {
    return this.stream(where, [Buffer.from(text)]);
  }
}

/** The hits as lines of an error. */
export const toldHits = (hits: readonly Hit[]): string =>
  hits.map(({ secret, spelling, where }) => `${secret} (${spelling}) in ${where}`).join('\n');

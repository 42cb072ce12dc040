// A growing buffer of ASCII text: appending row by row keeps long pages out of the string heap.

const firstBytes = 64 * 1024;

export class AsciiBuffer {
  #buffer = Buffer.allocUnsafe(firstBytes);
  #length = 0;

  /** Appends text that must be pure ASCII. */
  append(text: string): void {
    const needed = this.#length + text.length;
    if (needed > this.#buffer.length) {
      const grown = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2));
      this.#buffer.copy(grown, 0, 0, this.#length);
      this.#buffer = grown;
    }
    this.#length += this.#buffer.write(text, this.#length, 'latin1');
  }

  bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }
}

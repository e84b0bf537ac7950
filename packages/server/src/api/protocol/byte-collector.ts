const firstSize = 1024;

/** Bytes in one growing buffer: parts may be single bytes, each of which would be an object of its own otherwise. */
export class ByteCollector {
  #bytes = Buffer.alloc(0);
  #length = 0;

  add(part: Buffer): void {
    const length = this.#length + part.length;
    if (length > this.#bytes.length) {
      const grown = Buffer.alloc(Math.max(length, 2 * this.#bytes.length, firstSize));
      this.#bytes.copy(grown, 0, 0, this.#length);
      this.#bytes = grown;
    }
    part.copy(this.#bytes, this.#length);
    this.#length = length;
  }

  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  get length(): number {
    return this.#length;
  }
}

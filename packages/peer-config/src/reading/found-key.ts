const encoder = new TextEncoder();

/** A pre-shared key of a file. It can be compared and nothing else: no way of printing it shows what it is. */
export class FoundKey {
  readonly #bytes: Uint8Array | null;

  private constructor(bytes: Uint8Array | null) {
    this.#bytes = bytes;
  }

  static ofText(text: string): FoundKey {
    return new FoundKey(encoder.encode(text));
  }

  static ofBytes(bytes: Uint8Array): FoundKey {
    return new FoundKey(bytes);
  }

  /** The device wrote it encrypted. */
  static readonly unreadable: FoundKey = new FoundKey(null);

  /** Null: unreadable. */
  equals(key: string): boolean | null {
    if (this.#bytes === null) return null;
    const [own, other] = [this.#bytes, encoder.encode(key)];
    return own.length === other.length && own.every((byte, at) => byte === other[at]);
  }

  toJSON(): string {
    return '[key]';
  }
}

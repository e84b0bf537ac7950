export interface SecretPart {
  /** As the API calls it: `SecretKey`. */
  readonly name: string;
  /** As a file of credentials calls it: `secretKey`. */
  readonly key: string;
  readonly value: string;
}

/**
 * What is shown once. It is passed on as this object alone, and taken out of it when it is over: whoever still holds on to the object, as
 * the tree of a page that is gone, holds nothing.
 */
export class ShownSecret {
  readonly names: readonly string[];
  #parts: readonly SecretPart[];

  constructor(parts: readonly SecretPart[]) {
    this.names = parts.map(({ name }) => name);
    this.#parts = parts;
  }

  /** Empty once it is over. */
  valueOf(name: string): string {
    return this.#parts.find((part) => part.name === name)?.value ?? '';
  }

  /** As the command line reads it (`--credentials`, `admin.json`). */
  asFile(): string {
    return `${JSON.stringify(Object.fromEntries(this.#parts.map(({ key, value }) => [key, value])), null, 2)}\n`;
  }

  forget(): void {
    this.#parts = [];
  }
}

/** Of CreateAccessKey and RotateAccessKey. */
export function keySecret({
  SecretId,
  SecretKey,
}: {
  readonly SecretId: string;
  readonly SecretKey: string;
}): ShownSecret {
  return new ShownSecret([
    { name: 'SecretId', key: 'secretId', value: SecretId },
    { name: 'SecretKey', key: 'secretKey', value: SecretKey },
  ]);
}

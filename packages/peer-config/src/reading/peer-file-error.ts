/** A device's configuration that cannot be read, and where. Never quotes the file: the line may hold a secret. */
export class PeerFileError extends Error {
  override readonly name = 'PeerFileError';
  readonly line: number;

  /** @param line counted from 1. */
  constructor(line: number, problem: string) {
    super(`line ${line}: ${problem}`);
    this.line = line;
  }
}

import { open, rm, type FileHandle } from 'node:fs/promises';

/** A file of root's alone that gets no longer than it may, and that is read while it grows. */
export class CaptureFile {
  readonly #path: string;
  readonly #handle: FileHandle;
  readonly #mostBytes: number;
  #bytes = 0;

  private constructor(path: string, handle: FileHandle, mostBytes: number) {
    this.#path = path;
    this.#handle = handle;
    this.#mostBytes = mostBytes;
  }

  static async create(path: string, mostBytes: number): Promise<CaptureFile> {
    return new CaptureFile(path, await open(path, 'wx+', 0o600), mostBytes);
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** As much of the blocks as there is room for, and only whole ones; returns how many. One call at a time. */
  async append(blocks: readonly Buffer[]): Promise<number> {
    let [fitting, end] = [0, this.#bytes];
    for (const { length } of blocks) {
      if (end + length > this.#mostBytes) break;
      end += length;
      fitting += 1;
    }
    await this.#write(Buffer.concat(blocks.slice(0, fitting)));
    this.#bytes = end;
    return fitting;
  }

  /** Where a disk was full in the middle of it, the next one begins at the same place. */
  async #write(bytes: Buffer): Promise<void> {
    for (let written = 0; written < bytes.length;) {
      const { bytesWritten } = await this.#handle.write(bytes, written, bytes.length - written, this.#bytes + written);
      written += bytesWritten;
    }
  }

  /** Fewer where it ends before. */
  async read(offset: number, mostBytes: number): Promise<Buffer> {
    const wanted = Math.max(0, Math.min(mostBytes, this.#bytes - offset));
    const piece = Buffer.alloc(wanted);
    const { bytesRead } = wanted === 0 ? { bytesRead: 0 } : await this.#handle.read(piece, 0, wanted, offset);
    return piece.subarray(0, bytesRead);
  }

  async remove(): Promise<void> {
    await rm(this.#path, { force: true });
    await this.#handle.close();
  }
}

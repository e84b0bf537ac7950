/** A piece of a file that may still grow. */
export interface Piece {
  /** In base64; empty at the end. */
  readonly Content: string;
  /** Of the file as it is now. */
  readonly TotalBytes: number;
}

export interface Progress {
  readonly done: number;
  readonly all: number;
}

/** Reads a file piece by piece: what there is when the last piece comes. */
export async function readWhole(
  read: (offset: number) => Promise<Piece>,
  onProgress: (progress: Progress) => void,
): Promise<Uint8Array<ArrayBuffer>[]> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for (let done = 0; ;) {
    const { Content, TotalBytes } = await read(done);
    const part = bytesOf(Content);
    if (part.length > 0) parts.push(part);
    done += part.length;
    onProgress({ done, all: TotalBytes });
    if (part.length === 0 || done >= TotalBytes) return parts;
  }
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

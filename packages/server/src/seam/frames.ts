import type { Readable } from 'node:stream';

/** A frame: four bytes of length, the most significant first, and so many bytes of JSON in UTF-8. */
const headerBytes = 4;
/** A gateway of ten thousand tunnels, all at once, is a third of it. */
export const mostFrameBytes = 32 * 1024 * 1024;

/** Throws when it is too large. */
export function encodeFrame(message: unknown): Buffer {
  const text = JSON.stringify(message);
  const length = Buffer.byteLength(text);
  if (length > mostFrameBytes) throw new Error(`a message of ${length} bytes is too large for the seam`);
  const frame = Buffer.allocUnsafe(headerBytes + length);
  frame.writeUInt32BE(length);
  frame.write(text, headerBytes);
  return frame;
}

/** What comes out of the stream, frame by frame. Throws at the first that is too large or no JSON: nothing after it can be read. */
export async function* framesOf(stream: Readable): AsyncGenerator<unknown, void> {
  const chunks: Buffer[] = [];
  let held = 0;
  let wanted = headerBytes;
  let isHeader = true;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    held += chunk.length;
    while (held >= wanted) {
      const [first = chunk] = chunks;
      const all = chunks.length === 1 ? first : Buffer.concat(chunks, held);
      const taken = all.subarray(0, wanted);
      chunks.splice(0, Infinity, all.subarray(wanted));
      held -= wanted;
      if (isHeader) {
        wanted = taken.readUInt32BE();
        if (wanted > mostFrameBytes) throw new Error(`a message of ${wanted} bytes is announced, which is too large`);
      } else {
        yield JSON.parse(taken.toString('utf8')) as unknown;
        wanted = headerBytes;
      }
      isHeader = !isHeader;
    }
  }
}

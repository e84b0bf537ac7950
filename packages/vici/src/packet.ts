/**
 * Packets and their framing on the byte stream. Pure. Format: strongSwan src/libcharon/plugins/vici/README.md,
 * "Transport protocol" and "Packet layer". Both directions are here, so that a scripted peer can speak it too.
 */
import { ViciEncodeError, ViciProtocolError } from './errors.ts';
import { decodeMessage, encodeMessage } from './message.ts';
import type { ViciMessage } from './message.ts';

export type Packet =
  | { readonly kind: 'cmd-request'; readonly name: string; readonly message: ViciMessage }
  | { readonly kind: 'cmd-response'; readonly message: ViciMessage }
  | { readonly kind: 'cmd-unknown' }
  | { readonly kind: 'event-register'; readonly name: string }
  | { readonly kind: 'event-unregister'; readonly name: string }
  | { readonly kind: 'event-confirm' }
  | { readonly kind: 'event-unknown' }
  | { readonly kind: 'event'; readonly name: string; readonly message: ViciMessage };

/** Index = packet type on the wire. */
const packetKinds = [
  'cmd-request',
  'cmd-response',
  'cmd-unknown',
  'event-register',
  'event-unregister',
  'event-confirm',
  'event-unknown',
  'event',
] as const satisfies readonly Packet['kind'][];

/** "The maximum segment length is currently limited to 512KB of data", without the length header. */
export const LONGEST_SEGMENT = 512 * 1024;
const LENGTH_HEADER = 4;
const LONGEST_NAME = 0xff;

/** The packet with its length header; throws ViciEncodeError. */
export function encodePacket(packet: Packet): Buffer {
  const parts: Buffer[] = [Buffer.of(packetKinds.indexOf(packet.kind))];
  if ('name' in packet) {
    if (!/^[\x20-\x7e]{1,255}$/.test(packet.name)) {
      throw new ViciEncodeError(`a command or event name is 1 to ${LONGEST_NAME} printable ASCII bytes`);
    }
    parts.push(Buffer.of(packet.name.length), Buffer.from(packet.name, 'latin1'));
  }
  if ('message' in packet) parts.push(encodeMessage(packet.message));
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  if (length > LONGEST_SEGMENT) throw new ViciEncodeError(`the packet is longer than ${LONGEST_SEGMENT} bytes`);
  const header = Buffer.alloc(LENGTH_HEADER);
  header.writeUInt32BE(length);
  return Buffer.concat([header, ...parts]);
}

/** Takes a segment without its length header; throws ViciProtocolError or ViciDecodeError. */
export function decodePacket(segment: Buffer): Packet {
  const type = segment[0];
  const kind = type === undefined ? undefined : packetKinds[type];
  switch (kind) {
    case undefined:
      throw new ViciProtocolError(`unknown packet type ${type ?? '(empty packet)'}`);
    case 'cmd-unknown':
    case 'event-confirm':
    case 'event-unknown':
      return { kind };
    case 'cmd-response':
      return { kind, message: decodeMessage(segment.subarray(1)) };
    case 'event-register':
    case 'event-unregister':
      return { kind, name: readPacketName(segment).name };
    case 'cmd-request':
    case 'event': {
      const { name, rest } = readPacketName(segment);
      return { kind, name, message: decodeMessage(rest) };
    }
  }
}

function readPacketName(segment: Buffer): { name: string; rest: Buffer } {
  const end = 2 + (segment[1] ?? 0);
  if (segment.length < 2 || segment.length < end) throw new ViciProtocolError('the packet ends inside its name');
  return { name: segment.toString('latin1', 2, end), rest: segment.subarray(end) };
}

/** Cuts a byte stream into segments, whatever the boundaries of its chunks. Holds at most one segment and one chunk. */
export class FrameReader {
  readonly #chunks: Buffer[] = [];
  #size = 0;

  push(chunk: Buffer): void {
    if (chunk.length === 0) return;
    this.#chunks.push(chunk);
    this.#size += chunk.length;
  }

  /** The next whole segment without its length header, or undefined when more bytes are needed; ViciProtocolError. */
  next(): Buffer | undefined {
    const length = this.#peek(LENGTH_HEADER)?.readUInt32BE(0);
    if (length === undefined) return undefined;
    if (length === 0 || length > LONGEST_SEGMENT) {
      throw new ViciProtocolError(`a segment of ${length} bytes is announced; 1 to ${LONGEST_SEGMENT} are allowed`);
    }
    const frame = this.#peek(LENGTH_HEADER + length);
    if (frame === undefined) return undefined;
    this.#drop(frame.length);
    return frame.subarray(LENGTH_HEADER);
  }

  /** The first `count` bytes in one piece. Chunks are joined only when enough have come, so dripping bytes cost O(n). */
  #peek(count: number): Buffer | undefined {
    if (this.#size < count) return undefined;
    let [first] = this.#chunks;
    if (first === undefined || first.length < count) {
      first = Buffer.concat(this.#chunks);
      this.#chunks.splice(0, this.#chunks.length, first);
    }
    return first.subarray(0, count);
  }

  /** Drops bytes that peek has just returned, so they are all in the first chunk. */
  #drop(count: number): void {
    const rest = this.#chunks[0]?.subarray(count);
    if (rest === undefined || rest.length === 0) this.#chunks.shift();
    else this.#chunks[0] = rest;
    this.#size -= count;
  }
}

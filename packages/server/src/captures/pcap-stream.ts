/** What tcpdump(8) writes: a file of libpcap, little-endian as on every host there is for us, with nanoseconds (pcap-savefile(5)). */
export interface PcapPacket {
  /** Nanoseconds since the epoch. */
  readonly at: bigint;
  /** Bytes that it had. */
  readonly length: number;
  /** As many of them as were kept. */
  readonly bytes: Buffer;
}

const magicOfNanoseconds = 0xa1b23c4d;
const fileHeaderBytes = 24;
const packetHeaderBytes = 16;

/** Takes the file in pieces of any size. */
export class PcapStream {
  readonly #mostBytes: number;
  #held: Buffer = Buffer.alloc(0);
  #linkType: number | null = null;

  /** @param mostBytes that a packet may have; whoever writes a longer one is broken. */
  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /** A number of the registry of link types (1: Ethernet, 101: IP); null before the first bytes have come. */
  get linkType(): number | null {
    return this.#linkType;
  }

  /** Packets that are whole now. Throws for what is no such file. */
  *take(piece: Buffer): Generator<PcapPacket, void> {
    this.#held = this.#held.length === 0 ? piece : Buffer.concat([this.#held, piece]);
    if (this.#linkType === null) {
      if (this.#held.length < fileHeaderBytes) return;
      if (this.#held.readUInt32LE(0) !== magicOfNanoseconds) throw new Error('no file of libpcap with nanoseconds');
      this.#linkType = this.#held.readUInt32LE(20) & 0xffff;
      this.#held = this.#held.subarray(fileHeaderBytes);
    }
    while (this.#held.length >= packetHeaderBytes) {
      const kept = this.#held.readUInt32LE(8);
      if (kept > this.#mostBytes) throw new Error(`a packet of ${kept} bytes where ${this.#mostBytes} are the most`);
      const end = packetHeaderBytes + kept;
      if (this.#held.length < end) return;
      const at = BigInt(this.#held.readUInt32LE(0)) * 1_000_000_000n + BigInt(this.#held.readUInt32LE(4));
      const packet = { at, length: this.#held.readUInt32LE(12), bytes: this.#held.subarray(packetHeaderBytes, end) };
      this.#held = this.#held.subarray(end);
      yield packet;
    }
  }
}

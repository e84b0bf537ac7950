import type { PcapPacket } from '../src/captures/pcap-stream.ts';

/** For tests only: a file as tcpdump writes it. */
export function pcapFile(linkType: number, packets: readonly PcapPacket[]): Buffer {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b23c4d, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(65_535, 16);
  header.writeUInt32LE(linkType, 20);
  return Buffer.concat([
    header,
    ...packets.flatMap(({ at, length, bytes }) => [packetHeader(at, length, bytes), bytes]),
  ]);
}

function packetHeader(at: bigint, length: number, bytes: Buffer): Buffer {
  const header = Buffer.alloc(16);
  header.writeUInt32LE(Number(at / 1_000_000_000n), 0);
  header.writeUInt32LE(Number(at % 1_000_000_000n), 4);
  header.writeUInt32LE(bytes.length, 8);
  header.writeUInt32LE(length, 12);
  return header;
}

import type { PcapPacket } from './pcap-stream.ts';

/** Blocks of a pcapng file (draft-ietf-opsawg-pcapng), little-endian; a reader takes them one after the other. */

export interface CapturedInterface {
  /** A number of the registry of link types. */
  readonly linkType: number;
  readonly snapLength: number;
  /** Of the device. */
  readonly name: string;
  /** What it belongs to, for people. */
  readonly description: string;
  /** As it was compiled. */
  readonly expression: string;
}

const blockTypes = { section: 0x0a0d0d0a, interface: 1, packet: 6, statistics: 5 } as const;
const options = { end: 0, comment: 1, userApplication: 4, name: 2, description: 3, resolution: 9, filter: 11 } as const;
const statisticsOptions = { received: 4, dropped: 5 } as const;
const byteOrder = 0x1a2b3c4d;
/** Ten to the power of minus nine. */
const nanoseconds = Buffer.from([9]);
/** The filter's first byte says that it is text. */
const textFilter = Buffer.from([0]);

/** @param comment what was asked for, for people. */
export function sectionHeader(application: string, comment: string): Buffer {
  const fixed = Buffer.alloc(16);
  fixed.writeUInt32LE(byteOrder, 0);
  fixed.writeUInt16LE(1, 4);
  // Nobody knows yet how long the section gets.
  fixed.writeBigInt64LE(-1n, 8);
  return block(blockTypes.section, fixed, [text(options.comment, comment), text(options.userApplication, application)]);
}

export function interfaceDescription(captured: CapturedInterface): Buffer {
  const { linkType, snapLength, name, description, expression } = captured;
  const fixed = Buffer.alloc(8);
  fixed.writeUInt16LE(linkType, 0);
  fixed.writeUInt32LE(snapLength, 4);
  return block(blockTypes.interface, fixed, [
    text(options.name, name),
    text(options.description, description),
    option(options.resolution, nanoseconds),
    option(options.filter, Buffer.concat([textFilter, Buffer.from(expression)])),
  ]);
}

/** Of the only interface. */
export function enhancedPacket({ at, length, bytes }: PcapPacket): Buffer {
  const fixed = Buffer.alloc(20 + padded(bytes.length));
  fixed.writeUInt32LE(Number(at >> 32n), 4);
  fixed.writeUInt32LE(Number(at & 0xffff_ffffn), 8);
  fixed.writeUInt32LE(bytes.length, 12);
  fixed.writeUInt32LE(length, 16);
  bytes.copy(fixed, 20);
  return block(blockTypes.packet, fixed, []);
}

/** How many there were, and how many of them came too fast. */
export function interfaceStatistics(at: bigint, received: number, dropped: number): Buffer {
  const fixed = Buffer.alloc(12);
  fixed.writeUInt32LE(Number(at >> 32n), 4);
  fixed.writeUInt32LE(Number(at & 0xffff_ffffn), 8);
  return block(blockTypes.statistics, fixed, [
    option(statisticsOptions.received, count(received)),
    option(statisticsOptions.dropped, count(dropped)),
  ]);
}

function block(type: number, fixed: Buffer, given: readonly Buffer[]): Buffer {
  const end = given.length === 0 ? [] : [option(options.end, Buffer.alloc(0))];
  const body = Buffer.concat([fixed, ...given, ...end]);
  const length = 12 + body.length;
  const around = Buffer.alloc(8);
  around.writeUInt32LE(type, 0);
  around.writeUInt32LE(length, 4);
  return Buffer.concat([around, body, around.subarray(4)]);
}

function option(code: number, value: Buffer): Buffer {
  const made = Buffer.alloc(4 + padded(value.length));
  made.writeUInt16LE(code, 0);
  made.writeUInt16LE(value.length, 2);
  value.copy(made, 4);
  return made;
}

function text(code: number, value: string): Buffer {
  return option(code, Buffer.from(value));
}

function count(value: number): Buffer {
  const made = Buffer.alloc(8);
  made.writeBigUInt64LE(BigInt(value));
  return made;
}

/** Everything begins at a multiple of four bytes. */
function padded(length: number): number {
  return Math.ceil(length / 4) * 4;
}

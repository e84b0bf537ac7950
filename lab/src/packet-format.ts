/**
 * One datagram of a packet stream: number, send time, then a text that a capture can look for.
 * Times are CLOCK_MONOTONIC nanoseconds, which all processes of a machine share.
 */
export const streamCanary = 'landbridge-lab-packet-stream';

const datagramBytes = 16 + streamCanary.length;

export interface Datagram {
  readonly sequence: number;
  readonly sentNs: bigint;
}

export function encodeDatagram({ sequence, sentNs }: Datagram): Buffer {
  const bytes = Buffer.alloc(datagramBytes);
  bytes.writeBigUInt64BE(BigInt(sequence), 0);
  bytes.writeBigUInt64BE(sentNs, 8);
  bytes.write(streamCanary, 16);
  return bytes;
}

/** Undefined for anything that is not a datagram of a packet stream. */
export function decodeDatagram(bytes: Buffer): Datagram | undefined {
  if (bytes.length !== datagramBytes || bytes.toString('latin1', 16) !== streamCanary) return undefined;
  return { sequence: Number(bytes.readBigUInt64BE(0)), sentNs: bytes.readBigUInt64BE(8) };
}

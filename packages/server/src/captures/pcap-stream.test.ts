import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pcapFile } from '../../testing/pcap-file.ts';
import { PcapStream, type PcapPacket } from './pcap-stream.ts';

const packet = fc
  .record({ at: fc.bigInt(0n, 4_000_000_000_000_000_000n), bytes: fc.uint8Array({ maxLength: 200 }) })
  .map(({ at, bytes }): PcapPacket => ({ at, bytes: Buffer.from(bytes), length: bytes.length + 7 }));

describe('a stream of libpcap', () => {
  it('gives every packet as it was, however it is cut', () => {
    fc.assert(
      fc.property(fc.array(packet), fc.array(fc.integer({ min: 1, max: 300 })), (packets, cuts) => {
        const file = pcapFile(101, packets);
        const stream = new PcapStream(200);
        const found: PcapPacket[] = [];
        let at = 0;
        for (const cut of [...cuts, file.length]) {
          found.push(...stream.take(file.subarray(at, at + cut)));
          at += cut;
        }
        expect(stream.linkType).toBe(101);
        expect(found).toEqual(packets);
      }),
    );
  });

  it('is refused where it is none, or a packet is longer than it may be', () => {
    expect(() => [...new PcapStream(200).take(Buffer.alloc(24))]).toThrow(/no file of libpcap/);
    const long = pcapFile(1, [{ at: 0n, length: 201, bytes: Buffer.alloc(201) }]);
    expect(() => [...new PcapStream(200).take(long)]).toThrow(/201 bytes where 200/);
  });
});

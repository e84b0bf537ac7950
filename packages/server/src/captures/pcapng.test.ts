import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { enhancedPacket, interfaceDescription, interfaceStatistics, sectionHeader } from './pcapng.ts';

/** What tcpdump(8) reads of it. */
function read(file: Buffer, ...options: readonly string[]): string {
  const argv = ['-n', '-r', '-', '--time-stamp-precision=nano', '-tt', ...options];
  return execFileSync('tcpdump', argv, { input: file, encoding: 'utf8', stdio: 'pipe' });
}

/** An echo request between two addresses, IPv4 alone. */
function ping(bytes: number): Buffer {
  const packet = Buffer.alloc(bytes);
  packet.write('4500', 'hex');
  packet.writeUInt16BE(bytes, 2);
  packet.write('40014001', 8, 'hex');
  packet.write('0a00010a0a000114', 12, 'hex');
  packet.write('0800', 20, 'hex');
  packet.writeUInt16BE(7, 26);
  return packet;
}

const captured = {
  ...{ linkType: 101, snapLength: 200, name: 'vpnx-00000001', description: 'vpnx-00000001', expression: 'ip' },
};
const begin = [sectionHeader('Landbridge 1.0', 'pcap-00000001 at vpnx-00000001: ip'), interfaceDescription(captured)];

describe('a file', () => {
  it('is read by others with its packets, their lengths and nanoseconds', () => {
    const at = 1_790_000_000_123_456_789n;
    const packets = [40, 41, 42, 43, 1400].map((length, index) => {
      const bytes = ping(length).subarray(0, 200);
      return enhancedPacket({ at: at + BigInt(index), length, bytes });
    });
    const lines = read(Buffer.concat([...begin, ...packets, interfaceStatistics(at, 6, 1)]))
      .split('\n')
      .filter(Boolean);
    expect(lines).toEqual(
      [40, 41, 42, 43, 1400].map(
        (length, index) =>
          `1790000000.${123_456_789 + index} IP 10.0.1.10 > 10.0.1.20: ICMP echo request, id 0, seq 7, length ${length - 20}`,
      ),
    );
  });

  it('without any packet is one as well', () => {
    expect(read(Buffer.concat(begin))).toBe('');
    expect(() => read(begin[0]!.subarray(0, 20))).toThrow();
  });

  it('says what it is of, and is whole blocks of words', () => {
    const file = Buffer.concat(begin);
    for (const text of ['Landbridge 1.0', 'pcap-00000001 at', 'vpnx-00000001']) expect(file.includes(text)).toBe(true);
    for (let at = 0; at < file.length;) {
      const length = file.readUInt32LE(at + 4);
      expect(length % 4).toBe(0);
      expect(file.readUInt32LE(at + length - 4)).toBe(length);
      at += length;
    }
  });
});

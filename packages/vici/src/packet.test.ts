import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ViciDecodeError, ViciEncodeError, ViciProtocolError } from './errors.ts';
import { viciMessage } from './message.ts';
import { decodePacket, encodePacket, FrameReader, LONGEST_SEGMENT } from './packet.ts';
import type { Packet } from './packet.ts';

const message = viciMessage({ key: 'value' });
const packets: readonly Packet[] = [
  { kind: 'cmd-request', name: 'version', message },
  { kind: 'cmd-response', message },
  { kind: 'cmd-unknown' },
  { kind: 'event-register', name: 'log' },
  { kind: 'event-unregister', name: 'log' },
  { kind: 'event-confirm' },
  { kind: 'event-unknown' },
  { kind: 'event', name: 'log', message },
];

/** All segments that a stream of these chunks holds. */
function cut(chunks: readonly Buffer[]): Buffer[] {
  const reader = new FrameReader();
  const segments: Buffer[] = [];
  for (const chunk of chunks) {
    reader.push(chunk);
    for (let segment = reader.next(); segment; segment = reader.next()) segments.push(segment);
  }
  return segments;
}

describe('packets', () => {
  test('have the types of the specification and survive the round trip', () => {
    for (const [type, packet] of packets.entries()) {
      const [segment] = cut([encodePacket(packet)]);
      expect(segment![0]).toBe(type);
      expect(decodePacket(segment!)).toEqual(packet);
    }
  });

  test('a command as charon sees it', () => {
    const frame = encodePacket({ kind: 'cmd-request', name: 'version', message: viciMessage({}) });
    expect(frame.toString('latin1')).toBe('\0\0\0\x09\0\x07version');
  });

  test.each([
    ['empty', []],
    ['unknown type', [8]],
    ['no name', [7]],
    ['name cut off', [7, 3, 0x6c, 0x6f]],
  ])('refuses %s', (_, bytes) => {
    expect(() => decodePacket(Buffer.from(bytes))).toThrow(ViciProtocolError);
  });

  test('any bytes are decoded or refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 32 }), (bytes) => {
        try {
          decodePacket(Buffer.from(bytes));
        } catch (error) {
          expect(error instanceof ViciProtocolError || error instanceof ViciDecodeError).toBe(true);
        }
      }),
    );
  });

  test.each(['', 'x'.repeat(256), 'é', 'a\n'])('refuses to send a command named %j', (name) => {
    expect(() => encodePacket({ kind: 'cmd-request', name, message })).toThrow(ViciEncodeError);
  });

  test('refuses to send more than a segment holds', () => {
    const nine = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`k${index}`, 'x'.repeat(65_535)]));
    expect(() => encodePacket({ kind: 'cmd-response', message: viciMessage(nine) })).toThrow(ViciEncodeError);
  });
});

describe('framing', () => {
  test('does not depend on where the stream is cut', () => {
    const segments = fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { maxLength: 8 });
    fc.assert(
      fc.property(segments, fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }), (bodies, sizes) => {
        const stream = Buffer.concat(
          bodies.flatMap((body) => {
            const header = Buffer.alloc(4);
            header.writeUInt32BE(body.length);
            return [header, body];
          }),
        );
        const chunks: Buffer[] = [];
        for (let at = 0, turn = 0; at < stream.length; turn += 1) {
          const size = sizes[turn % sizes.length]!;
          chunks.push(stream.subarray(at, at + size));
          at += size;
        }
        expect(cut(chunks)).toEqual(bodies.map((body) => Buffer.from(body)));
      }),
    );
  });

  test('takes the largest segment, byte by byte at its edges', () => {
    const body = Buffer.alloc(LONGEST_SEGMENT, 7);
    const bytes = (...values: number[]) => values.map((value) => Buffer.of(value));
    const segments = cut([...bytes(0, 8, 0, 0), body.subarray(0, -2), ...bytes(7, 7), ...bytes(0, 0, 0, 1, 9)]);
    expect(segments.map((segment) => segment.length)).toEqual([LONGEST_SEGMENT, 1]);
  });

  test.each([
    ['oversized', [0, 8, 0, 1]],
    ['absurd', [255, 255, 255, 255]],
    ['empty', [0, 0, 0, 0]],
  ])('refuses an %s segment by its header alone', (_, header) => {
    const reader = new FrameReader();
    reader.push(Buffer.from(header));
    expect(() => reader.next()).toThrow(ViciProtocolError);
  });
});

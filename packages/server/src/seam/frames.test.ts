import { Readable } from 'node:stream';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { checkFromAgent, checkFromController } from './contract.ts';
import { encodeFrame, framesOf, mostFrameBytes } from './frames.ts';

/** A stream of these bytes, in pieces that end anywhere. */
function streamOf(bytes: Buffer, cuts: readonly number[]): Readable {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  const pieces = [0, ...places].map((place, index) => bytes.subarray(place, places[index] ?? bytes.length));
  return Readable.from(pieces.filter((piece) => piece.length > 0));
}

async function read(stream: Readable): Promise<unknown[]> {
  const frames: unknown[] = [];
  for await (const frame of framesOf(stream)) frames.push(frame);
  return frames;
}

it('what was sent is heard, wherever the bytes are cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.jsonValue(), { maxLength: 6 }),
      fc.array(fc.nat(), { maxLength: 8 }),
      async (sent, cuts) => {
        const bytes = Buffer.concat(sent.map((message) => encodeFrame(message)));
        expect(JSON.stringify(await read(streamOf(bytes, cuts)))).toBe(JSON.stringify(sent));
      },
    ),
  );
});

it('what is announced as too large, or is no JSON, ends it', async () => {
  const header = Buffer.alloc(4);
  header.writeUInt32BE(mostFrameBytes + 1);
  await expect(read(streamOf(header, []))).rejects.toThrow(/too large/);
  const frame = encodeFrame('x');
  frame.write('{', 4);
  await expect(read(streamOf(frame, []))).rejects.toThrow(SyntaxError);
});

it.each([
  null,
  'hello',
  {},
  { kind: 'nothing' },
  { kind: '__proto__' },
  { kind: 'gone', key: '../../etc' },
  { kind: 'gone', key: 'vpc-00000001', more: 1 },
  { kind: 'plan', key: 'host', generation: 'now', from: null, to: '00', difference: null },
  { kind: 'uses', number: 1, interfaceName: 'a name that no interface can have' },
])('is no message of the controller, nor of the agent: %j', (message) => {
  expect(() => checkFromController(message)).toThrow(/no message/);
  expect(() => checkFromAgent(message)).toThrow(/no message/);
});

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
])('is no message of the controller: %j', (message) => {
  expect(() => checkFromController(message)).toThrow(/no message/);
});

it.each([
  null,
  'hello',
  {},
  { kind: 1 },
  { kind: 'hello' },
  { kind: 'holding', plans: [['../../etc', '00']], isLast: true },
  { kind: 'events', series: 'a', events: [] },
  { kind: 'facts', facts: [{ about: 'sas', key: 'vpnx-tunnel01', value: { connected: 'yes' } }], isComplete: true },
])('is no message of the agent: %j', (message) => {
  expect(() => checkFromAgent(message)).toThrow(/no (message|fact)/);
});

it('more of the agent than is known is left out', () => {
  expect(checkFromAgent({ kind: 'later' })).toBeNull();
  expect(checkFromAgent({ kind: '__proto__' })).toBeNull();
  const known = { about: 'findings', key: 'host', value: { findings: [] }, more: 1 };
  const later = { about: 'weather', key: 'host', value: 'rain' };
  expect(checkFromAgent({ kind: 'facts', facts: [later, known], isComplete: true, more: 1 })).toMatchObject({
    facts: [known],
  });
  expect(checkFromAgent({ kind: 'ready', more: 1 })).toMatchObject({ kind: 'ready' });
});

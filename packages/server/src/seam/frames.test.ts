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

function orderWith(filter: object, limits: object = {}) {
  const anything = { protocol: null, source: null, destination: null, port: null };
  return {
    ...{ id: 'pcap-00000001', accountId: 'a', resourceId: 'vpnx-00000001', includesKeys: false },
    filter: { ...anything, ...filter },
    limits: { snapLength: 100, packets: 1, seconds: 1, bytes: 65_536, ...limits },
  };
}

it('packet captures are asked for in words that are known, and no others', () => {
  const order = orderWith({ protocol: 'tcp', source: '10.0.0.0/8', port: 443 });
  const asked = { kind: 'capture', number: 1, question: { what: 'start', order } };
  expect(checkFromController(asked)).toEqual(asked);
});

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
  { kind: 'capture', number: 1, question: { what: 'all' } },
  { kind: 'capture', number: 1, question: { what: 'read', id: '../../etc', offset: 0 } },
  { kind: 'capture', number: 1, question: { what: 'start', order: orderWith({ protocol: 'tcp or ip' }) } },
  { kind: 'capture', number: 1, question: { what: 'start', order: orderWith({ source: '10.0.0.0/8 or ip' }) } },
  { kind: 'capture', number: 1, question: { what: 'start', order: orderWith({ port: '443 or ip' }) } },
  { kind: 'capture', number: 1, question: { what: 'start', order: orderWith({}, { seconds: 601 }) } },
  { kind: 'capture', number: 1, question: { what: 'start', order: orderWith({}, { bytes: 67_108_865 }) } },
  { kind: 'capture', number: 1, question: { what: 'start', order: orderWith({ expression: 'ip' }) } },
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
  { kind: 'facts', facts: [{ about: 'capacity', key: 'host', value: { resources: [] } }], isComplete: true },
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

import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { Namespace } from '@landbridge/testbed/namespace';

export interface HalfOpenFlood {
  readonly from: Namespace;
  readonly gatewayAddress: string;
  readonly version: 1 | 2;
  readonly count: number;
}

/** First messages of so many IKE_SAs, as strongNegotiation proposes them; what is answered is not looked at. */
export async function floodWithHalfOpen({ from, gatewayAddress, version, count }: HalfOpenFlood): Promise<void> {
  const program = fileURLToPath(new URL('datagram-sender.ts', import.meta.url));
  const make = version === 1 ? mainModeRequest : ikeSaInitRequest;
  const input = Array.from({ length: count }, () => make().toString('hex')).join('\n');
  await from.runChecked([process.execPath, program, gatewayAddress, '500', '0'], { input });
}

/** RFC 2409 section 5.4: AES-CBC-256, SHA-256, a pre-shared key, group 14. */
function mainModeRequest(): Buffer {
  const attributes = [0x8001, 7, 0x800e, 256, 0x8002, 4, 0x8003, 1, 0x8004, 14, 0x800b, 1, 0x800c, 28_800].map(word);
  const transform = payload(0, Buffer.from([1, 1, 0, 0]), ...attributes);
  const proposal = payload(0, Buffer.from([1, 1, 0, 1]), transform);
  const domainAndSituation = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1]);
  return message({ first: 1, version: 0x10, exchange: 2, flags: 0 }, payload(0, domainAndSituation, proposal));
}

/** RFC 7296 section 1.2: AES-CBC-256, SHA-256, group 14. */
function ikeSaInitRequest(): Buffer {
  const more = 3;
  const transforms = [
    payload(more, Buffer.from([1, 0]), word(12), word(0x800e), word(256)),
    payload(more, Buffer.from([2, 0]), word(5)),
    payload(more, Buffer.from([3, 0]), word(12)),
    payload(0, Buffer.from([4, 0]), word(14)),
  ];
  const proposal = payload(0, Buffer.from([1, 1, 0, transforms.length]), ...transforms);
  const publicValue = Buffer.concat([Buffer.from([1]), randomBytes(255)]);
  const [keyExchange, nonce] = [34, 40];
  return message(
    { first: 33, version: 0x20, exchange: 34, flags: 8 },
    payload(keyExchange, proposal),
    payload(nonce, word(14), word(0), publicValue),
    payload(0, randomBytes(32)),
  );
}

function message(header: Record<'first' | 'version' | 'exchange' | 'flags', number>, ...payloads: Buffer[]): Buffer {
  const body = Buffer.concat(payloads);
  const fixed = Buffer.alloc(28);
  randomBytes(8).copy(fixed);
  fixed.set([header.first, header.version, header.exchange, header.flags], 16);
  fixed.writeUInt32BE(fixed.length + body.length, 24);
  return Buffer.concat([fixed, body]);
}

/** The generic header, which proposals and transforms have as well. */
function payload(next: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([word(next << 8), word(4 + body.length), body]);
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

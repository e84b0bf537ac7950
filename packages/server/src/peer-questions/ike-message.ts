import type { DhGroup, Integrity } from '../domain/vpn/vpn-connection.ts';
import type { IkeSuite } from '../domain/diagnosis/peer-proposals.ts';
import {
  ciphers,
  encryptionOf,
  groupOf,
  hashOf,
  integrityIds,
  isAead,
  prfIds,
  type Encryption,
} from './transform-ids.ts';

/**
 * IKE_SA_INIT as an initiator has it (RFC 7296 sections 1.2 and 3): requests that offer one proposal, and what a response says. Whatever
 * comes is untrusted: nothing throws, and nothing is copied that is not kept.
 */

/** One proposal; the responder takes one transform of each type. */
export interface Offer {
  /** All with integrity of their own, or all without (RFC 7296 section 3.3). */
  readonly encryption: readonly Encryption[];
  /** None beside encryption with integrity of its own. */
  readonly integrity: readonly Integrity[];
  readonly prf: readonly Integrity[];
  readonly group: readonly DhGroup[];
}

export interface InitRequest {
  /** The initiator's, 8 bytes. */
  readonly spi: Uint8Array;
  readonly offer: Offer;
  /** Of the KE payload. */
  readonly group: DhGroup;
  readonly publicValue: Uint8Array;
  readonly nonce: Uint8Array;
  /** That the responder demanded (RFC 7296 section 2.6); null at first. */
  readonly cookie: Uint8Array | null;
}

/** What a response says. */
export type InitResponse =
  | { readonly kind: 'accepted'; readonly suite: IkeSuite }
  /** Something of it, with a public value of that group. */
  | { readonly kind: 'group-wanted'; readonly group: number }
  | { readonly kind: 'refused' }
  | { readonly kind: 'cookie'; readonly cookie: Uint8Array }
  /** A response, and none of these. */
  | { readonly kind: 'unclear' };

const headerBytes = 28;
const spiBytes = 8;
const ikeSaInit = 34;
const ikeV2 = 0x20;
const fromInitiator = 0x08;
const isResponseFlag = 0x20;
const payloads = { sa: 33, keyExchange: 34, nonce: 40, notify: 41 } as const;
const notifies = { noProposalChosen: 14, invalidKeyExchange: 17, cookie: 16_390 } as const;
const types = { encryption: 1, prf: 2, integrity: 3, group: 4 } as const;
const ikeProtocol = 1;
/** Attribute 14, in its short form. */
const keyLength = 0x800e;
const longestCookie = 64;
/** More than any honest response has. */
const mostPayloads = 32;

export function encodeRequest({ spi, offer, group, publicValue, nonce, cookie }: InitRequest): Buffer {
  const parts: readonly (readonly [number, Buffer])[] = [
    ...(cookie === null ? [] : [[payloads.notify, notifyBody(notifies.cookie, cookie)] as const]),
    [payloads.sa, proposal(transformsOf(offer))],
    [payloads.keyExchange, Buffer.concat([shorts(group, 0), publicValue])],
    [payloads.nonce, Buffer.from(nonce)],
  ];
  const bodies = parts.map(([, body], index) => {
    const next = parts[index + 1]?.[0] ?? 0;
    return Buffer.concat([Buffer.from([next, 0]), shorts(body.length + 4), body]);
  });
  const header = Buffer.alloc(headerBytes);
  header.set(spi, 0);
  header.set([parts[0]?.[0] ?? 0, ikeV2, ikeSaInit, fromInitiator], 2 * spiBytes);
  header.writeUInt32BE(headerBytes + bodies.reduce((sum, { length }) => sum + length, 0), 24);
  return Buffer.concat([header, ...bodies]);
}

/** Null: no response to a request with that SPI. */
export function readResponse(bytes: Uint8Array, spi: Uint8Array): InitResponse | null {
  const message = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (message.length < headerBytes || !message.subarray(0, spiBytes).equals(spi)) return null;
  const isInit = message[17] === ikeV2 && message[18] === ikeSaInit && message.readUInt32BE(20) === 0;
  const flags = message.readUInt8(19);
  if (!isInit || (flags & isResponseFlag) === 0 || (flags & fromInitiator) !== 0) return null;
  if (message.readUInt32BE(24) !== message.length) return { kind: 'unclear' };
  return readPayloads(message);
}

function readPayloads(message: Buffer): InitResponse {
  let type = message.readUInt8(16);
  let at = headerBytes;
  let suite: IkeSuite | null = null;
  for (let count = 0; type !== 0 && count < mostPayloads; count++) {
    if (at + 4 > message.length) return unclear;
    const length = message.readUInt16BE(at + 2);
    if (length < 4 || at + length > message.length) return unclear;
    const body = message.subarray(at + 4, at + length);
    // An error is the whole answer, whatever else stands beside it.
    const error = type === payloads.notify ? readNotify(body) : null;
    if (error !== null) return error;
    if (type === payloads.sa) suite = readChoice(body);
    type = message.readUInt8(at);
    at += length;
  }
  return suite === null || type !== 0 ? unclear : { kind: 'accepted', suite };
}

const unclear = { kind: 'unclear' } as const;

/** Null for what only informs. */
function readNotify(body: Buffer): InitResponse | null {
  if (body.length < 4) return unclear;
  const spiSize = body.readUInt8(1);
  const type = body.readUInt16BE(2);
  const data = body.subarray(4 + spiSize);
  if (type === notifies.noProposalChosen) return { kind: 'refused' };
  if (type === notifies.invalidKeyExchange)
    return data.length === 2 ? { kind: 'group-wanted', group: data.readUInt16BE(0) } : unclear;
  if (type === notifies.cookie) {
    const isCookie = data.length > 0 && data.length <= longestCookie;
    return isCookie ? { kind: 'cookie', cookie: Uint8Array.from(data) } : unclear;
  }
  // Below this number they are errors (RFC 7296 section 3.10.1).
  return type < 16_384 ? unclear : null;
}

/** The one proposal that a responder has chosen; null where it is none. */
function readChoice(body: Buffer): IkeSuite | null {
  if (body.length < 8 || body[0] !== 0 || body.readUInt16BE(2) !== body.length || body[5] !== ikeProtocol) return null;
  let at = 8 + body.readUInt8(6);
  const count = body.readUInt8(7);
  const chosen = new Map<number, { readonly id: number; readonly keyBits: number | null }>();
  for (let index = 0; index < count; index++) {
    if (at + 8 > body.length) return null;
    const length = body.readUInt16BE(at + 2);
    if (length < 8 || at + length > body.length) return null;
    const type = body.readUInt8(at + 4);
    if (chosen.has(type)) return null;
    const hasLength = length === 12 && body.readUInt16BE(at + 8) === keyLength;
    if (length !== 8 && !hasLength) return null;
    chosen.set(type, { id: body.readUInt16BE(at + 6), keyBits: hasLength ? body.readUInt16BE(at + 10) : null });
    at += length;
  }
  return at === body.length ? suiteOf(chosen) : null;
}

function suiteOf(
  chosen: ReadonlyMap<number, { readonly id: number; readonly keyBits: number | null }>,
): IkeSuite | null {
  const cipher = chosen.get(types.encryption);
  const encryption = cipher === undefined ? null : encryptionOf(cipher.id, cipher.keyBits);
  const prf = hashOf(prfIds, chosen.get(types.prf)?.id ?? 0);
  const group = groupOf(chosen.get(types.group)?.id ?? 0);
  // None at all, or the number of none (RFC 7296 section 3.3.2).
  const integrityId = chosen.get(types.integrity)?.id ?? 0;
  const integrity = integrityId === 0 ? null : hashOf(integrityIds, integrityId);
  if (encryption === null || prf === null || group === null) return null;
  const isWhole = isAead(encryption) ? integrityId === 0 : integrity !== null;
  return isWhole ? { encryption, integrity, prf, group } : null;
}

function proposal(transforms: readonly Buffer[]): Buffer {
  const body = Buffer.concat(transforms);
  return Buffer.concat([
    Buffer.from([0, 0]),
    shorts(body.length + 8),
    Buffer.from([1, ikeProtocol, 0, transforms.length]),
    body,
  ]);
}

function transformsOf({ encryption, integrity, prf, group }: Offer): Buffer[] {
  const all: readonly (readonly [number, number, number | null])[] = [
    ...encryption.map((name) => [types.encryption, ciphers[name].id, ciphers[name].keyBits] as const),
    ...integrity.map((name) => [types.integrity, integrityIds[name], null] as const),
    ...prf.map((name) => [types.prf, prfIds[name], null] as const),
    ...group.map((name) => [types.group, name, null] as const),
  ];
  return all.map(([type, id, keyBits], index) => {
    const attributes = keyBits === null ? Buffer.alloc(0) : shorts(keyLength, keyBits);
    const more = index === all.length - 1 ? 0 : 3;
    return Buffer.concat([
      Buffer.from([more, 0]),
      shorts(8 + attributes.length),
      Buffer.from([type, 0]),
      shorts(id),
      attributes,
    ]);
  });
}

function notifyBody(type: number, data: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([0, 0]), shorts(type), data]);
}

function shorts(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(2 * values.length);
  for (const [index, value] of values.entries()) bytes.writeUInt16BE(value, 2 * index);
  return bytes;
}

import type { IkeSuite } from '../src/domain/diagnosis/peer-proposals.ts';
import { ciphers, encryptionOf, groupOf, hashOf, integrityIds, prfIds } from '../src/peer-questions/transform-ids.ts';

export interface FakePeerHabits {
  /** What it accepts, what it likes best first; of groups that it accepts it wants its own, as charon does. */
  readonly accepts: readonly IkeSuite[];
  readonly demandsCookies?: boolean;
  /** Takes the group of the public value where it accepts it at all. */
  readonly takesGroupAsItComes?: boolean;
  /** What it refuses it does not answer. */
  readonly isSilentWhenRefusing?: boolean;
}

const headerBytes = 28;

/** For tests only: answers IKE_SA_INIT requests as a responder does (RFC 7296), with a decoder and an encoder of its own. */
export class FakeIkePeer {
  readonly #habits: FakePeerHabits;
  readonly requests: ReadRequest[] = [];
  halfOpen = 0;

  constructor(habits: FakePeerHabits) {
    this.#habits = habits;
  }

  /** Null: nothing. */
  answer(message: Uint8Array): Buffer | null {
    const request = readRequest(Buffer.from(message));
    this.requests.push(request);
    const { accepts, demandsCookies = false, takesGroupAsItComes = false, isSilentWhenRefusing = false } = this.#habits;
    if (demandsCookies && request.cookie === null) return reply(request, notify(16_390, Buffer.from('a cookie')));
    const possible = accepts.filter((suite) => request.suites.some((offered) => isSame(offered, suite)));
    const asItComes = takesGroupAsItComes ? possible.find(({ group }) => group === request.group) : undefined;
    const chosen = asItComes ?? possible[0];
    if (chosen === undefined) return isSilentWhenRefusing ? null : reply(request, notify(14, Buffer.alloc(0)));
    if (chosen.group !== request.group) return reply(request, notify(17, shorts(chosen.group)));
    this.halfOpen += 1;
    return reply(request, chosenProposal(chosen));
  }
}

export interface ReadRequest {
  readonly spi: Buffer;
  readonly suites: readonly IkeSuite[];
  readonly group: number;
  readonly publicValue: Buffer;
  readonly cookie: Buffer | null;
}

type Payload = readonly [type: number, body: Buffer];

/** Throws for what no responder would understand. */
function readRequest(message: Buffer): ReadRequest {
  const payloads = payloadsOf(message);
  const bodyOf = (wanted: number) => payloads.find(([found]) => found === wanted)?.[1];
  const [sa, exchange, nonce, cookie] = [bodyOf(33), bodyOf(34), bodyOf(40), bodyOf(41)];
  if (sa === undefined || exchange === undefined || (nonce?.length ?? 0) < 16) throw new Error('a payload is missing');
  if (cookie !== undefined && payloads[0]?.[0] !== 41) throw new Error('the cookie does not come first');
  return {
    spi: message.subarray(0, 8),
    suites: suitesOf(sa),
    group: exchange.readUInt16BE(0),
    publicValue: exchange.subarray(4),
    cookie: cookie?.subarray(4) ?? null,
  };
}

function payloadsOf(message: Buffer): Payload[] {
  if (message.readUInt32BE(24) !== message.length) throw new Error('its length is wrong');
  if (message[17] !== 0x20 || message[18] !== 34 || message[19] !== 0x08) throw new Error('no request');
  const payloads: Payload[] = [];
  let type = message.readUInt8(16);
  for (let at = headerBytes; type !== 0;) {
    const length = message.readUInt16BE(at + 2);
    payloads.push([type, message.subarray(at + 4, at + length)]);
    type = message.readUInt8(at);
    at += length;
  }
  return payloads;
}

function suitesOf(sa: Buffer): IkeSuite[] {
  const offered = { 1: [] as [number, number | null][], 2: [] as number[], 3: [] as number[], 4: [] as number[] };
  let at = 8;
  for (let count = sa.readUInt8(7); count > 0; count--) {
    const length = sa.readUInt16BE(at + 2);
    const [type, id] = [sa.readUInt8(at + 4), sa.readUInt16BE(at + 6)];
    if (type === 1) offered[1].push([id, length === 12 ? sa.readUInt16BE(at + 10) : null]);
    else offered[type as 2 | 3 | 4].push(id);
    at += length;
  }
  if (at !== sa.length) throw new Error('the proposal is longer or shorter than it says');
  const integrities = offered[3].length === 0 ? [null] : offered[3].map((id) => known(hashOf(integrityIds, id)));
  return offered[1].flatMap(([id, keyBits]) =>
    integrities.flatMap((integrity) =>
      offered[2].flatMap((prf) =>
        offered[4].map((group) => ({
          ...{ encryption: known(encryptionOf(id, keyBits)), integrity },
          ...{ prf: known(hashOf(prfIds, prf)), group: known(groupOf(group)) },
        })),
      ),
    ),
  );
}

function known<Value>(value: Value | null): Value {
  if (value === null) throw new Error('a transform is not known');
  return value;
}

function isSame(one: IkeSuite, other: IkeSuite): boolean {
  return JSON.stringify(listed(one)) === JSON.stringify(listed(other));
}

function listed({ encryption, integrity, prf, group }: IkeSuite): readonly unknown[] {
  return [encryption, integrity, prf, group];
}

function notify(type: number, data: Buffer): Payload {
  return [41, Buffer.concat([Buffer.from([0, 0]), shorts(type), data])];
}

export function chosenProposal({ encryption, integrity, prf, group }: IkeSuite): Payload {
  const { id, keyBits } = ciphers[encryption];
  const transforms = [
    [1, id] as const,
    ...(integrity === null ? [] : [[3, integrityIds[integrity]] as const]),
    [2, prfIds[prf]] as const,
    [4, group] as const,
  ].map(([type, number], index, all) => {
    const attribute = type === 1 && keyBits !== null ? shorts(0x800e, keyBits) : Buffer.alloc(0);
    const more = index === all.length - 1 ? 0 : 3;
    return Buffer.concat([
      ...[Buffer.from([more, 0]), shorts(8 + attribute.length), Buffer.from([type, 0]), shorts(number), attribute],
    ]);
  });
  const body = Buffer.concat(transforms);
  const count = transforms.length;
  return [33, Buffer.concat([Buffer.from([0, 0]), shorts(8 + body.length), Buffer.from([1, 1, 0, count]), body])];
}

/** A response with these payloads. */
export function reply({ spi }: Pick<ReadRequest, 'spi'>, ...payloads: readonly Payload[]): Buffer {
  const bodies = payloads.map(([, body], index) =>
    Buffer.concat([Buffer.from([payloads[index + 1]?.[0] ?? 0, 0]), shorts(body.length + 4), body]),
  );
  const header = Buffer.alloc(headerBytes);
  header.set(spi);
  header.set([payloads[0]?.[0] ?? 0, 0x20, 34, 0x20], 16);
  header.writeUInt32BE(headerBytes + bodies.reduce((sum, { length }) => sum + length, 0), 24);
  return Buffer.concat([header, ...bodies]);
}

function shorts(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(2 * values.length);
  for (const [index, value] of values.entries()) bytes.writeUInt16BE(value, 2 * index);
  return bytes;
}

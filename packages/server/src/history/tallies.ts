import { tallyFields, type Tally } from '../domain/operator/history.ts';
import type { VpnConnectionId } from '../domain/resource-id.ts';

export type Tallies = ReadonlyMap<VpnConnectionId, Tally>;

const prefix = 'vpnx-';
const suffixBytes = 8;
const numberBytes = 8;
const entryBytes = suffixBytes + tallyFields.length * numberBytes;

/**
 * Tallies of a gateway's tunnels as bytes: what distinguishes the ids, then field by field a double for each tunnel. Most fields of most
 * tunnels are zero, so it is to be deflated.
 */
export function encode(tallies: Tallies): Uint8Array {
  const bytes = Buffer.alloc(tallies.size * entryBytes);
  const numbersAt = tallies.size * suffixBytes;
  let index = 0;
  for (const [id, tally] of tallies) {
    bytes.write(id.slice(prefix.length), index * suffixBytes, suffixBytes, 'latin1');
    for (const [field, name] of tallyFields.entries()) {
      bytes.writeDoubleLE(tally[name], numbersAt + (field * tallies.size + index) * numberBytes);
    }
    index += 1;
  }
  return bytes;
}

/** @param only the one that is wanted. */
export function decode(encoded: Uint8Array, only?: VpnConnectionId): Map<VpnConnectionId, Tally> {
  const bytes = Buffer.from(encoded.buffer, encoded.byteOffset, encoded.byteLength);
  const size = bytes.length / entryBytes;
  const found = new Map<VpnConnectionId, Tally>();
  for (let index = 0; index < size; index++) {
    const id = idAt(bytes, index);
    if (only === undefined || only === id) found.set(id, tallyAt(bytes, index, size));
  }
  return found;
}

function idAt(bytes: Buffer, index: number): VpnConnectionId {
  return `${prefix}${bytes.toString('latin1', index * suffixBytes, (index + 1) * suffixBytes)}`;
}

function tallyAt(bytes: Buffer, index: number, size: number): Tally {
  const at = (field: number) => bytes.readDoubleLE(size * suffixBytes + (field * size + index) * numberBytes);
  return Object.fromEntries(tallyFields.map((name, field) => [name, at(field)])) as unknown as Tally;
}

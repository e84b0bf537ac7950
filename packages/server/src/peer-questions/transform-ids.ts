import type { DhGroup, Integrity } from '../domain/vpn/vpn-connection.ts';
import type { IkeSuite } from '../domain/diagnosis/peer-proposals.ts';

/** Transforms by their numbers at IANA (RFC 7296 section 3.3.2): those that a tunnel can have, and what may stand beside them. */

export type Encryption = IkeSuite['encryption'];

interface Cipher {
  readonly id: number;
  /** Null where the cipher has one length only. */
  readonly keyBits: number | null;
  readonly isAead: boolean;
}

/** The strongest first. */
export const ciphers: Readonly<Record<Encryption, Cipher>> = {
  aes256gcm16: { id: 20, keyBits: 256, isAead: true },
  aes192gcm16: { id: 20, keyBits: 192, isAead: true },
  aes128gcm16: { id: 20, keyBits: 128, isAead: true },
  aes256: { id: 12, keyBits: 256, isAead: false },
  aes192: { id: 12, keyBits: 192, isAead: false },
  aes128: { id: 12, keyBits: 128, isAead: false },
  '3des': { id: 3, keyBits: null, isAead: false },
  des: { id: 2, keyBits: null, isAead: false },
};

/** DES is no tunnel's any more. */
export const askedEncryptions = (Object.keys(ciphers) as Encryption[]).filter((name) => name !== 'des');

/** Transform type 3. */
export const integrityIds: Readonly<Record<Integrity, number>> = {
  sha512: 14,
  sha384: 13,
  sha256: 12,
  sha1: 2,
  md5: 1,
};

/** Transform type 2. */
export const prfIds: Readonly<Record<Integrity, number>> = { sha512: 7, sha384: 6, sha256: 5, sha1: 2, md5: 1 };

export const hashes = Object.keys(integrityIds) as Integrity[];

/** Transform type 4: the number is the name. */
export const groups: readonly DhGroup[] = [21, 20, 19, 16, 15, 14, 24, 5, 2, 1];

export function isAead(encryption: Encryption): boolean {
  return ciphers[encryption].isAead;
}

export function encryptionOf(id: number, keyBits: number | null): Encryption | null {
  const found = (Object.keys(ciphers) as Encryption[]).find(
    (name) => ciphers[name].id === id && ciphers[name].keyBits === keyBits,
  );
  return found ?? null;
}

export function hashOf(ids: Readonly<Record<Integrity, number>>, id: number): Integrity | null {
  return hashes.find((name) => ids[name] === id) ?? null;
}

export function groupOf(id: number): DhGroup | null {
  return groups.find((group) => group === id) ?? null;
}

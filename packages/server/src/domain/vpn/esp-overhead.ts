import type { EspOptions, Encryption, Integrity } from './vpn-connection.ts';

interface CipherShape {
  readonly ivBytes: number;
  /** The encrypted part, trailer included, is a multiple of this; at least 4 (RFC 4303 section 2.4). */
  readonly blockBytes: number;
  readonly aead: boolean;
}

const gcm: CipherShape = { ivBytes: 8, blockBytes: 4, aead: true };
const aesCbc: CipherShape = { ivBytes: 16, blockBytes: 16, aead: false };
const desCbc: CipherShape = { ivBytes: 8, blockBytes: 8, aead: false };

const cipherShapes: Readonly<Record<Encryption, CipherShape>> = {
  aes128gcm16: gcm,
  aes192gcm16: gcm,
  aes256gcm16: gcm,
  aes128: aesCbc,
  aes192: aesCbc,
  aes256: aesCbc,
  '3des': desCbc,
  des: desCbc,
  null: { ivBytes: 0, blockBytes: 4, aead: false },
};

const gcmIcvBytes = 16;
/** Truncated HMACs: RFC 2403, 2404 (96 bits), RFC 4868 (half of the hash). */
const icvBytes: Readonly<Record<Integrity, number>> = { md5: 12, sha1: 12, sha256: 16, sha384: 24, sha512: 32 };

const outerIpv4Bytes = 20;
const udpBytes = 8;
const espHeaderBytes = 8;
/** Pad length and next header. */
const espTrailerBytes = 2;

export function isAead(encryption: Encryption): boolean {
  return cipherShapes[encryption].aead;
}

/**
 * Largest inner packet, bytes, that fits a path of `pathMtu` bytes in tunnel mode over UDP and IPv4
 * (RFC 4303 section 2, RFC 3948 section 2.1). UDP is always assumed, for a NAT may show up on the path.
 */
export function tunnelMtu(pathMtu: number, esp: Pick<EspOptions, 'encryption' | 'integrity'>): number {
  const { ivBytes, blockBytes, aead } = cipherShapes[esp.encryption];
  const icv = aead ? gcmIcvBytes : icvBytes[esp.integrity];
  const room = pathMtu - outerIpv4Bytes - udpBytes - espHeaderBytes - ivBytes - icv;
  return Math.floor(room / blockBytes) * blockBytes - espTrailerBytes;
}

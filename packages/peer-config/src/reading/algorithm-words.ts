/** Words of IANA's transform types (RFC 7296 section 3.3.2) as devices spell them, in the spelling of PeerEncryption and PeerIntegrity. */

const groupNumbers: Readonly<Record<string, number>> = {
  ...{ modp768: 1, modp1024: 2, modp1536: 5, modp2048: 14, modp3072: 15, modp4096: 16, modp6144: 17, modp8192: 18 },
  ...{
    ecp256: 19,
    ecp384: 20,
    ecp521: 21,
    modp1024s160: 22,
    modp2048s224: 23,
    modp2048s256: 24,
    ecp192: 25,
    ecp224: 26,
  },
  ...{ ecp224bp: 27, ecp256bp: 28, ecp384bp: 29, ecp512bp: 30, curve25519: 31, x25519: 31, curve448: 32, x448: 32 },
};

/** `modp2048`, `ecp256`; null: no group is called so. */
export function groupOfName(word: string): number | null {
  return Object.hasOwn(groupNumbers, word) ? (groupNumbers[word] ?? null) : null;
}

/** strongSwan's name of a group; `group 77` where it has none. */
export function nameOfGroup(group: number): string {
  return Object.entries(groupNumbers).find(([, number]) => number === group)?.[0] ?? `group ${group}`;
}

const plainCiphers: Readonly<Record<string, string>> = {
  ...{ '3des': '3des', '3descbc': '3des', des3: '3des', des: 'des', descbc: 'des', null: 'null' },
  ...{ aesgcm128: 'aes128gcm16', aesgcm192: 'aes192gcm16', aesgcm256: 'aes256gcm16' },
};

/** Bytes of an AEAD cipher's tag, which are written as bytes or bits. */
const tagBytes: Readonly<Record<string, string>> = { '': '16', '64': '8', '96': '12', '128': '16' };

/** `aes`, `aes128`, `aes-cbc-256`, `aes256gcm128`, `3des`: a cipher in our spelling, or null. */
export function cipherOf(word: string): string | null {
  const plain = word.replaceAll(/[-_]/g, '').toLowerCase();
  if (Object.hasOwn(plainCiphers, plain)) return plainCiphers[plain] ?? null;
  const match = /^(aes|camellia)(?:cbc)?(128|192|256)?(?:(gcm|ccm|ctr|gmac)(?:c)?(8|12|16|64|96|128)?)?(?:cbc)?$/.exec(
    plain,
  );
  if (match === null) return plain.startsWith('chacha20poly1305') ? 'chacha20poly1305' : null;
  const [, family = 'aes', size = '128', mode = '', tag = ''] = match;
  const hasTag = mode === 'gcm' || mode === 'ccm';
  return `${family}${size}${mode}${hasTag ? (tagBytes[tag] ?? tag) : ''}`;
}

/** `sha`, `sha2_256`, `sha-512`: an integrity algorithm in our spelling, or null. */
export function hashOf(word: string): string | null {
  const plain = word.replaceAll(/[-_]/g, '').toLowerCase();
  if (plain === 'md5') return 'md5';
  if (plain === 'sha' || plain === 'sha1') return 'sha1';
  if (plain === 'sha2') return 'sha256';
  const match = /^sha2?(256|384|512)$/.exec(plain);
  if (match?.[1] !== undefined) return `sha${match[1]}`;
  return ['aesxcbc', 'aescmac', 'null', 'sha25696'].includes(plain) ? plain : null;
}

export function isAeadCipher(cipher: string): boolean {
  return cipher.includes('gcm') || cipher.includes('ccm') || cipher === 'chacha20poly1305';
}

import type { KeyedAlgorithm, SaKeys } from '../drivers/sa-keys.ts';

/**
 * Wireshark's table of SAs: the text of its file `esp_sa`, a line an SA (Preferences, Protocols, ESP, "ESP SAs"). What it knows no word
 * for stands there as a comment.
 */
export function espSaTable(sas: Iterable<SaKeys>): string {
  return [...sas].map((sa) => `${lineOf(sa)}\n`).join('');
}

function lineOf({ source, destination, spi, aead, cipher, integrity }: SaKeys): string {
  const encryption = aead === null ? cipherWord(cipher) : aeadWord(aead);
  const authentication = aead === null ? integrityWord(integrity) : 'NULL';
  const secret = aead ?? cipher;
  const family = source.includes(':') ? 'IPv6' : 'IPv4';
  const cells = [
    ...[family, source, destination, `0x${spi}`],
    ...[encryption ?? secret?.name ?? '', keyText(secret)],
    ...[authentication ?? integrity?.name ?? '', keyText(aead === null ? integrity : null)],
  ];
  const line = cells.map((cell) => `"${cell}"`).join(',');
  return encryption === undefined || authentication === undefined ? `# ${line}` : line;
}

function keyText(algorithm: KeyedAlgorithm | null): string {
  return algorithm === null || algorithm.key === '' ? '' : `0x${algorithm.key}`;
}

function aeadWord({ name, icvBits }: KeyedAlgorithm): string | undefined {
  return name === 'rfc4106(gcm(aes))' ? `AES-GCM with ${icvBits / 8} octet ICV [RFC4106]` : undefined;
}

const cipherWords: Readonly<Record<string, string>> = {
  'cbc(aes)': 'AES-CBC [RFC3602]',
  'cbc(des3_ede)': 'TripleDES-CBC [RFC2451]',
  'ecb(cipher_null)': 'NULL',
};

function cipherWord(cipher: KeyedAlgorithm | null): string | undefined {
  return cipher === null ? 'NULL' : cipherWords[cipher.name];
}

const integrityWords: Readonly<Record<string, string>> = {
  'hmac(md5) 96': 'HMAC-MD5-96 [RFC2403]',
  'hmac(sha1) 96': 'HMAC-SHA-1-96 [RFC2404]',
  'hmac(sha256) 128': 'HMAC-SHA-256-128 [RFC4868]',
  'hmac(sha384) 192': 'HMAC-SHA-384-192 [RFC4868]',
  'hmac(sha512) 256': 'HMAC-SHA-512-256 [RFC4868]',
};

function integrityWord(integrity: KeyedAlgorithm | null): string | undefined {
  return integrity === null ? 'NULL' : integrityWords[`${integrity.name} ${integrity.icvBits}`];
}

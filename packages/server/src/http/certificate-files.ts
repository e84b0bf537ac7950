import { readFileSync, statSync } from 'node:fs';

const othersMayRead = 0o007;

/** The certificate with its chain, and its private key, in PEM; and what people call them. */
export interface CertificateFiles {
  readonly certificate: Buffer;
  readonly key: Buffer;
  readonly names: TlsFileNames;
}

export interface TlsFileNames {
  readonly certificate: string;
  readonly key: string;
}

/** Throws an error that names the file which cannot be used. */
export function readCertificateFiles({ certificate, key }: TlsFileNames): CertificateFiles {
  const { mode } = statSync(key);
  if ((mode & othersMayRead) !== 0) throw new Error(`${key} is open to every user of this host. Run: chmod o= ${key}`);
  return { certificate: readFileSync(certificate), key: readFileSync(key), names: { certificate, key } };
}

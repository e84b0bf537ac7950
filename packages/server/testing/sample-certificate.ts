import { execFile } from 'node:child_process';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface SampleCertificate {
  readonly certificate: string;
  readonly key: string;
}

/** For tests only: a certificate for 127.0.0.1 that signs itself, put in place as an operator's tool would. */
export async function makeCertificate(directory: string, commonName: string, days = 365): Promise<SampleCertificate> {
  const files = { certificate: join(directory, 'certificate.pem'), key: join(directory, 'key.pem') };
  const subject = ['-subj', `/CN=${commonName}`, '-addext', 'subjectAltName=IP:127.0.0.1', '-days', String(days)];
  const output = ['-keyout', `${files.key}.new`, '-out', `${files.certificate}.new`];
  await run('openssl', [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    ...subject,
    ...output,
  ]);
  await rename(`${files.key}.new`, files.key);
  await rename(`${files.certificate}.new`, files.certificate);
  return files;
}

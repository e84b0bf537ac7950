import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import type { ApiEndpoint } from '@landbridge/client';

export interface EndpointOptions {
  readonly endpoint: string;
  readonly dataDir: string;
  /** PEM file of an authority that signed the service's certificate, besides those that Node knows. */
  readonly caFile?: string;
}

/** The endpoint with the administrator key that `serve` left in DATA_DIR/admin.json (readable by its owner only). */
export async function adminEndpoint(options: EndpointOptions, region?: string): Promise<ApiEndpoint> {
  if (options.caFile !== undefined) await trust(options.caFile);
  const file = join(options.dataDir, 'admin.json');
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new Error(`no administrator key: cannot read ${file} (is --data-dir right, and are you its owner?)`, {
      cause,
    });
  });
  const { secretId, secretKey } = JSON.parse(text) as Record<string, unknown>;
  if (typeof secretId !== 'string' || typeof secretKey !== 'string') {
    throw new Error(`${file} must hold secretId and secretKey`);
  }
  const credential = { secretId, secretKey };
  return { url: options.endpoint, credential, ...(region === undefined ? {} : { region }) };
}

async function trust(caFile: string): Promise<void> {
  const text = await readFile(caFile, 'utf8');
  const certificates = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
  if (certificates === null) throw new Error(`${caFile} holds no certificate in PEM`);
  setDefaultCACertificates([...getCACertificates('default'), ...certificates]);
}

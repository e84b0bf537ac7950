import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import type { ApiEndpoint, Credential } from '@landbridge/client';

export const defaultDataDir = '/var/lib/landbridge';
export const defaultConfigFile = '/etc/landbridge/landbridge.json';
export const defaultEndpoint = 'http://127.0.0.1:9700';

export interface EndpointOptions {
  readonly endpoint: string;
  readonly dataDir: string;
  /** PEM file of an authority that signed the service's certificate, besides those that Node knows. */
  readonly caFile?: string;
  /** File with a key, in the form of admin.json. */
  readonly credentials?: string;
}

/**
 * The endpoint with a key: that of the file that is named, else of TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY, as the vendor's
 * tools have it, else the administrator's, which `serve` left in DATA_DIR/admin.json (readable by its owner only).
 */
export async function adminEndpoint(options: EndpointOptions, region?: string): Promise<ApiEndpoint> {
  if (options.caFile !== undefined) await trust(options.caFile);
  const named = options.credentials ?? ofEnvironment(process.env) ?? join(options.dataDir, 'admin.json');
  const credential = typeof named === 'string' ? await ofFile(named) : named;
  return { url: options.endpoint, credential, ...(region === undefined ? {} : { region }) };
}

function ofEnvironment(environment: NodeJS.ProcessEnv): Credential | undefined {
  const secretId = environment['TENCENTCLOUD_SECRET_ID'];
  const secretKey = environment['TENCENTCLOUD_SECRET_KEY'];
  const token = environment['TENCENTCLOUD_TOKEN'];
  if (!secretId || !secretKey) return undefined;
  return { secretId, secretKey, ...(token ? { token } : {}) };
}

async function ofFile(file: string): Promise<Credential> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    const hint =
      '--credentials names a file with a key; --data-dir the directory of a service, whose owner may read its admin.json';
    throw new Error(`no access key: cannot read ${file} (${hint})`, { cause });
  });
  const { secretId, secretKey, token } = parse(text, file);
  if (typeof secretId !== 'string' || typeof secretKey !== 'string') {
    throw new Error(`${file} must hold secretId and secretKey`);
  }
  return { secretId, secretKey, ...(typeof token === 'string' ? { token } : {}) };
}

function parse(text: string, file: string): Readonly<Record<string, unknown>> {
  try {
    return (JSON.parse(text) ?? {}) as Record<string, unknown>;
  } catch {
    // What the parser says repeats a piece of the key.
    throw new Error(`${file} is not JSON`);
  }
}

async function trust(caFile: string): Promise<void> {
  const text = await readFile(caFile, 'utf8');
  const certificates = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
  if (certificates === null) throw new Error(`${caFile} holds no certificate in PEM`);
  setDefaultCACertificates([...getCACertificates('default'), ...certificates]);
}

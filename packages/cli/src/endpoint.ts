import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ApiEndpoint } from '@landbridge/client';

export interface EndpointOptions {
  readonly endpoint: string;
  readonly dataDir: string;
}

/** The endpoint with the administrator key that `serve` left in DATA_DIR/admin.json (readable by its owner only). */
export async function adminEndpoint(options: EndpointOptions, region?: string): Promise<ApiEndpoint> {
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

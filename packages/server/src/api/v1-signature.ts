import { createHmac } from 'node:crypto';
import { reject } from './api-error.ts';
import { isEqualText } from './equal-text.ts';
import type { IncomingRequest } from './incoming-request.ts';
import { signedHosts, signedPaths } from './signed-host.ts';

const digests: Readonly<Record<string, string>> = { HmacSHA1: 'sha1', HmacSHA256: 'sha256' };

/** HmacSHA1 and HmacSHA256 over all parameters but `Signature`, sorted, not encoded (spec/protocol.md section 4). */
export function isV1Genuine(
  request: IncomingRequest,
  pairs: ReadonlyMap<string, string>,
  signature: string,
  secretKey: string,
): boolean {
  const method = pairs.get('SignatureMethod') ?? 'HmacSHA1';
  const digest = Object.hasOwn(digests, method) ? digests[method] : undefined;
  if (digest === undefined) {
    reject('invalid-value', { name: 'SignatureMethod', rule: 'HmacSHA1 and HmacSHA256 are known' });
  }
  const parameters = v1Parameters(pairs);
  return signedHosts(request).some((host) =>
    signedPaths(request).some((path) => {
      const text = `${request.method}${host}${path}?${parameters}`;
      return isEqualText(createHmac(digest, secretKey).update(text).digest('base64'), signature);
    }),
  );
}

function v1Parameters(pairs: ReadonlyMap<string, string>): string {
  return [...pairs]
    .filter(([name]) => name !== 'Signature')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

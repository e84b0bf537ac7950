import { createHmac } from 'node:crypto';
import { nextTurn } from '../../platform/loop-turn.ts';
import { reject } from './api-error.ts';
import { isEqualText } from './equal-text.ts';
import type { IncomingRequest } from './incoming-request.ts';
import { sliceBytes } from './request-bounds.ts';
import { signedHosts, signedPaths } from './signed-host.ts';

const digests: Readonly<Record<string, string>> = { HmacSHA1: 'sha1', HmacSHA256: 'sha256' };

/**
 * HmacSHA1 and HmacSHA256 over all parameters but `Signature`, sorted, not encoded (docs/spec/protocol.md section 4).
 */
export async function isV1Genuine(
  request: IncomingRequest,
  pairs: ReadonlyMap<string, string>,
  signature: string,
  secretKey: string,
): Promise<boolean> {
  const method = pairs.get('SignatureMethod') ?? 'HmacSHA1';
  const digest = Object.hasOwn(digests, method) ? digests[method] : undefined;
  if (digest === undefined) {
    reject('invalid-value', {
      name: 'SignatureMethod',
      rule: { en: 'HmacSHA1 and HmacSHA256 are known', zh: '可选值为 HmacSHA1 和 HmacSHA256' },
    });
  }
  const parameters = Buffer.from(v1Parameters(pairs));
  for (const host of signedHosts(request)) {
    for (const path of signedPaths(request)) {
      const hmac = createHmac(digest, secretKey).update(`${request.method}${host}${path}?`);
      await updateInSlices(hmac, parameters);
      if (isEqualText(hmac.digest('base64'), signature)) return true;
    }
  }
  return false;
}

async function updateInSlices(hmac: ReturnType<typeof createHmac>, bytes: Buffer): Promise<void> {
  for (let from = 0; from < bytes.length; from += sliceBytes) {
    hmac.update(bytes.subarray(from, from + sliceBytes));
    await nextTurn();
  }
}

function v1Parameters(pairs: ReadonlyMap<string, string>): string {
  return [...pairs]
    .filter(([name]) => name !== 'Signature')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

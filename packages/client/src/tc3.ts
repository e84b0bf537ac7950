import { createHash, createHmac, createSecretKey, type KeyObject } from 'node:crypto';

/**
 * TC3-HMAC-SHA256 as both sides of the wire compute it (docs/spec/protocol.md section 3).
 * Pure: no clock, no sockets.
 */
export interface SignedRequest {
  readonly method: 'GET' | 'POST';
  /** Path as signed; `/` for all clients but those with a path in their endpoint. */
  readonly path: string;
  /** Raw query string, as received; empty for POST. */
  readonly query: string;
  /** Signed headers in the order of `SignedHeaders`; names in lower case, values as sent. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Lower-case hex SHA-256 of the body, or of the literal `UNSIGNED-PAYLOAD`. */
  readonly payloadHash: string;
}

export interface CredentialScope {
  /** UTC date of the timestamp, `YYYY-MM-DD`. */
  readonly date: string;
  readonly service: string;
}

export const unsignedPayload = 'UNSIGNED-PAYLOAD';

export function sha256Hex(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** UTC date of a timestamp in seconds since the epoch, `YYYY-MM-DD`. */
export function utcDate(timestampSeconds: number): string {
  return new Date(timestampSeconds * 1000).toISOString().slice(0, 10);
}

export function canonicalRequest(request: SignedRequest): string {
  const headers = request.headers.map(([name, value]) => `${name}:${value.trim()}\n`).join('');
  const signedHeaders = request.headers.map(([name]) => name).join(';');
  return [request.method, request.path, request.query, headers, signedHeaders, request.payloadHash].join('\n');
}

/** What signs requests of one day to one service under a secret key. Worth keeping: it takes longer than a signature. */
export function tc3SigningKey({ date, service }: CredentialScope, secretKey: string): KeyObject {
  const dateKey = hmac(`TC3${secretKey}`, date);
  const serviceKey = hmac(dateKey, service);
  return createSecretKey(hmac(serviceKey, 'tc3_request'));
}

/**
 * Lower-case hex signature of a request.
 * @param key the secret key, or the signing key of this very scope.
 */
export function tc3Signature(
  request: SignedRequest,
  timestampSeconds: number,
  scope: CredentialScope,
  key: string | KeyObject,
): string {
  const stringToSign = [
    'TC3-HMAC-SHA256',
    String(timestampSeconds),
    `${scope.date}/${scope.service}/tc3_request`,
    sha256Hex(canonicalRequest(request)),
  ].join('\n');
  const signingKey = typeof key === 'string' ? tc3SigningKey(scope, key) : key;
  return createHmac('sha256', signingKey).update(stringToSign).digest('hex');
}

function hmac(key: string | Buffer, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest();
}

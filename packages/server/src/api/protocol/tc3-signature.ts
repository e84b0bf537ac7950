import { tc3Signature, utcDate, type SignedRequest } from '@landbridge/client';
import { reject } from './api-error.ts';
import { isEqualText } from './equal-text.ts';
import { headerOf, type IncomingRequest } from './incoming-request.ts';
import { SigningKeys } from './signing-keys.ts';
import { signedHosts, signedPaths } from './signed-host.ts';

/** The parts of a TC3 Authorization header (docs/spec/protocol.md section 3). */
export interface Tc3Authorization {
  readonly secretId: string;
  readonly date: string;
  /** Whatever the client took for the service's name; only part of what is signed. */
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

const pattern =
  /^TC3-HMAC-SHA256 +Credential=([^/,\s]{1,128})\/(\d{4}-\d{2}-\d{2})\/([^/,\s]{1,128})\/tc3_request, *SignedHeaders=([a-z0-9;-]{1,1024}), *Signature=([0-9a-f]{64})$/;

/** What a client could sign at most; every header is hashed once for each form that clients sign in. */
const mostSignedHeaders = 32;

/** Throws ApiError when the text is no TC3 authorization over at least `content-type` and `host`. */
export function parseTc3Authorization(text: string): Tc3Authorization {
  const match = pattern.exec(text.trim());
  if (match === null)
    reject('authorization-invalid', {
      problem: { en: 'it is not of the form TC3-HMAC-SHA256', zh: '不是 TC3-HMAC-SHA256 形式' },
    });
  const [, secretId = '', date = '', service = '', names = '', signature = ''] = match;
  const signedHeaders = names.split(';');
  if (signedHeaders.length > mostSignedHeaders || new Set(signedHeaders).size < signedHeaders.length) {
    reject('authorization-invalid', {
      problem: {
        en: `SignedHeaders names a header twice, or more than ${mostSignedHeaders} headers`,
        zh: `SignedHeaders 中有重复的请求头，或请求头超过 ${mostSignedHeaders} 个`,
      },
    });
  }
  for (const name of ['content-type', 'host']) {
    if (!signedHeaders.includes(name)) {
      reject('authorization-invalid', {
        problem: { en: `SignedHeaders does not hold ${name}`, zh: `SignedHeaders 中缺少 ${name}` },
      });
    }
  }
  return { secretId, date, service, signedHeaders, signature };
}

export interface Tc3Proof {
  readonly authorization: Tc3Authorization;
  readonly timestamp: number;
  /** Lower-case hex SHA-256 of what the client signed as its body. */
  readonly payloadHash: string;
}

const signingKeys = new SigningKeys();

/** Tries every form in which the known clients sign; true when one of them fits. */
export function isTc3Genuine(request: IncomingRequest, proof: Tc3Proof, secretKey: string): boolean {
  const { authorization, timestamp } = proof;
  const { date, service, signature } = authorization;
  if (date !== utcDate(timestamp)) return false;
  const scope = { date, service };
  const key = signingKeys.of(scope, secretKey);
  return candidates(request, proof).some((candidate) =>
    isEqualText(tc3Signature(candidate, timestamp, scope, key), signature),
  );
}

function candidates(request: IncomingRequest, { authorization, payloadHash }: Tc3Proof): SignedRequest[] {
  const { signedHeaders } = authorization;
  const query = request.method === 'GET' ? request.query : '';
  return signedHosts(request).flatMap((host) =>
    signedPaths(request).flatMap((path) => {
      const asSent = signedHeaders.map(
        (name) => [name, name === 'host' ? host : (headerOf(request, name) ?? '')] as const,
      );
      const lowered = asSent.map(([name, value]) => [name, value.toLowerCase()] as const);
      const isLower = asSent.every(([, value]) => value === value.toLowerCase());
      const forms = isLower ? [asSent] : [asSent, lowered];
      return forms.map((headers) => ({ method: request.method, path, query, headers, payloadHash }));
    }),
  );
}

import { ApiError, reject, type Language } from './api-error.ts';
import { parsePairs } from './flattened-parameters.ts';
import { headerOf, mediaTypeOf, type IncomingRequest } from './incoming-request.ts';
import { isTc3Genuine, parseTc3Authorization, type Tc3Authorization } from './tc3-signature.ts';
import { isV1Genuine } from './v1-signature.ts';

/**
 * What every call says about itself, whichever way it is signed (spec/protocol.md sections 1 to 4). Reading it proves
 * nothing yet: `isGenuine` does.
 */
export interface SignedCall {
  readonly action: string;
  readonly version: string;
  readonly region: string | undefined;
  readonly secretId: string;
  readonly token: string | undefined;
  /** Seconds since the epoch. */
  readonly timestamp: number;
  /** True when the signature was made with this secret key. Takes the same time for any wrong signature. */
  isGenuine(secretKey: string): boolean;
  /** The parameters of the Action: pairs of a query or form, or the bytes of a JSON body. */
  readonly payload:
    | { readonly kind: 'pairs'; readonly pairs: ReadonlyMap<string, string> }
    | { readonly kind: 'json'; readonly bytes: Buffer };
}

/** Parameters of v1 that are not the Action's own. */
const commonNames = new Set([
  'Action',
  'Version',
  'Region',
  'Timestamp',
  'Nonce',
  'SecretId',
  'SignatureMethod',
  'Signature',
  'Token',
  'Language',
  'RequestClient',
]);

/** The language of messages, as far as it can be told; never fails. */
export function languageOf(request: IncomingRequest): Language {
  const wanted = headerOf(request, 'x-tc-language') ?? v1Language(request);
  return wanted === 'zh-CN' ? 'zh-CN' : 'en-US';
}

function v1Language(request: IncomingRequest): string | undefined {
  const text = request.method === 'GET' ? request.query : request.body.subarray(0, 65_536).toString('latin1');
  return /(?:^|&)Language=([\w-]+)/.exec(text)?.[1];
}

/** Reads headers and common parameters; throws ApiError when one is missing or malformed. */
export function readSignedCall(request: IncomingRequest): SignedCall {
  const authorization = headerOf(request, 'authorization');
  if (authorization !== undefined) return readTc3Call(request, parseTc3Authorization(authorization));
  const pairs = v1Pairs(request);
  if (pairs === undefined) {
    if (headerOf(request, 'x-tc-action') === undefined) reject('missing-parameter', { name: 'Action' });
    reject('authorization-invalid', { problem: 'there is none' });
  }
  return readV1Call(request, pairs);
}

function readTc3Call(request: IncomingRequest, authorization: Tc3Authorization): SignedCall {
  const need = (header: string, name: string) => headerOf(request, header) ?? reject('missing-parameter', { name });
  const timestampText = need('x-tc-timestamp', 'X-TC-Timestamp');
  const timestamp = readTimestamp(timestampText, 'X-TC-Timestamp');
  return {
    action: need('x-tc-action', 'Action'),
    version: need('x-tc-version', 'Version'),
    region: headerOf(request, 'x-tc-region'),
    token: headerOf(request, 'x-tc-token'),
    secretId: authorization.secretId,
    timestamp,
    isGenuine: (secretKey) => isTc3Genuine(request, authorization, timestamp, secretKey),
    payload:
      request.method === 'GET'
        ? { kind: 'pairs', pairs: parsePairs(request.query) }
        : { kind: 'json', bytes: jsonBytes(request) },
  };
}

function jsonBytes(request: IncomingRequest): Buffer {
  const type = mediaTypeOf(request);
  if (type !== 'application/json') {
    reject('request-malformed', { problem: `Content-Type "${type}" is not application/json` });
  }
  return request.body;
}

/** The parameters of a v1 call, or undefined when the request has none. */
function v1Pairs(request: IncomingRequest): ReadonlyMap<string, string> | undefined {
  const isForm = request.method === 'POST' && mediaTypeOf(request) === 'application/x-www-form-urlencoded';
  const text = isForm ? request.body.toString('utf8') : request.query;
  if (text === '') return undefined;
  const pairs = parsePairs(text);
  return pairs.has('Signature') || pairs.has('Action') ? pairs : undefined;
}

function readV1Call(request: IncomingRequest, pairs: ReadonlyMap<string, string>): SignedCall {
  const need = (name: string) => pairs.get(name) ?? reject('missing-parameter', { name });
  const signature = pairs.get('Signature') ?? reject('authorization-invalid', { problem: 'there is no Signature' });
  return {
    action: need('Action'),
    version: need('Version'),
    region: pairs.get('Region'),
    token: pairs.get('Token'),
    secretId: need('SecretId'),
    timestamp: readTimestamp(need('Timestamp'), 'Timestamp'),
    isGenuine: (secretKey) => isV1Genuine(request, pairs, signature, secretKey),
    payload: { kind: 'pairs', pairs: new Map([...pairs].filter(([name]) => !commonNames.has(name))) },
  };
}

function readTimestamp(text: string, name: string): number {
  if (!/^\d{1,12}$/.test(text))
    throw new ApiError('wrong-type', { name, expected: 'integer (seconds since the epoch)' });
  return Number(text);
}

import { createHash, type Hash } from 'node:crypto';
import { unsignedPayload } from '@landbridge/client';
import { ApiError, reject, type Language } from './api-error.ts';
import { decodeUtf8 } from '../wire/decode-utf8.ts';
import { parsePairs } from '../wire/flattened-parameters.ts';
import { headerOf, mediaTypeOf, type IncomingRequest } from './incoming-request.ts';
import { JsonShape } from '../wire/json-shape.ts';
import { mostFormBytes, mostQueryBytes } from './request-bounds.ts';
import { isTc3Genuine, parseTc3Authorization, type Tc3Authorization } from './tc3-signature.ts';
import type { UnprovenBytes } from './unproven-bytes.ts';
import { isV1Genuine } from './v1-signature.ts';

/**
 * What every call says about itself, whichever way it is signed (docs/spec/protocol.md sections 1 to 4). Reading it
 * proves nothing yet: `isGenuine` does.
 */
export interface SignedCall {
  readonly action: string;
  readonly version: string;
  readonly region: string | undefined;
  readonly secretId: string;
  readonly token: string | undefined;
  /** Seconds since the epoch. */
  readonly timestamp: number;
  /** Headers under a TC3 signature, in lower case; null for v1, which signs parameters. */
  readonly signedHeaders: readonly string[] | null;
  /** A TC3 call may say that its body is not signed. */
  readonly isPayloadSigned: boolean;
  /**
   * True when the signature was made with this secret key. Takes the same time for any wrong signature. Reads a JSON body,
   * which until then is not even received: ask only for a key that exists.
   */
  isGenuine(secretKey: string): Promise<boolean>;
  /** The parameters of the Action: pairs of a query or form, or the bytes of a JSON body. Only after `isGenuine`. */
  readonly payload: () => Payload;
}

export type Payload =
  | { readonly kind: 'pairs'; readonly pairs: ReadonlyMap<string, string> }
  | { readonly kind: 'json'; readonly bytes: Buffer };

/** How much may be read of bodies before their signature is proven. */
export interface ReadingBounds {
  /** Bytes of one JSON body. */
  readonly mostJsonBytes: number;
  /** Forms: anybody's, since the key's id is in them. */
  readonly unprovenForms: UnprovenBytes;
  /** JSON: of those who name a key that exists. */
  readonly unprovenJson: UnprovenBytes;
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

function v1Language({ method, query, body }: IncomingRequest): string | undefined {
  const text = method === 'GET' ? query : body.received.subarray(0, 65_536).toString('latin1');
  return /(?:^|&)Language=([\w-]+)/.exec(text)?.[1];
}

/**
 * Reads headers and common parameters, and the body of a v1 form, where its common parameters are; throws ApiError when
 * one is missing or malformed.
 */
export async function readSignedCall(request: IncomingRequest, bounds: ReadingBounds): Promise<SignedCall> {
  if (request.query.length > mostQueryBytes) reject('request-too-large', { limit: mostQueryBytes });
  const authorization = headerOf(request, 'authorization');
  if (authorization !== undefined) return readTc3Call(request, parseTc3Authorization(authorization), bounds);
  const pairs = await v1Pairs(request, bounds);
  if (pairs === undefined) {
    if (headerOf(request, 'x-tc-action') === undefined) reject('missing-parameter', { name: 'Action' });
    reject('authorization-invalid', { problem: { en: 'there is none', zh: '没有签名' } });
  }
  return readV1Call(request, pairs);
}

async function readTc3Call(
  request: IncomingRequest,
  authorization: Tc3Authorization,
  bounds: ReadingBounds,
): Promise<SignedCall> {
  const need = (header: string, name: string) => headerOf(request, header) ?? reject('missing-parameter', { name });
  const timestampText = need('x-tc-timestamp', 'X-TC-Timestamp');
  const timestamp = readTimestamp(timestampText, 'X-TC-Timestamp');
  const isPayloadSigned = headerOf(request, 'x-tc-content-sha256') !== unsignedPayload;
  const common = {
    action: need('x-tc-action', 'Action'),
    version: need('x-tc-version', 'Version'),
    region: headerOf(request, 'x-tc-region'),
    token: headerOf(request, 'x-tc-token'),
    secretId: authorization.secretId,
    timestamp,
    signedHeaders: authorization.signedHeaders,
    isPayloadSigned,
  };
  const isGenuine = (payload: Hash, secretKey: string) => {
    const hash = isPayloadSigned ? payload : createHash('sha256').update(unsignedPayload);
    return isTc3Genuine(request, { authorization, timestamp, payloadHash: hash.digest('hex') }, secretKey);
  };
  if (request.method === 'GET') {
    const pairs = await parsePairs(queryText(request));
    const isQueryGenuine = (secretKey: string) => Promise.resolve(isGenuine(createHash('sha256'), secretKey));
    return { ...common, isGenuine: isQueryGenuine, payload: () => ({ kind: 'pairs', pairs }) };
  }
  expectJson(request);
  const isJsonGenuine = async (secretKey: string) => {
    const payload = createHash('sha256');
    await readJson(request, payload, bounds);
    return isGenuine(payload, secretKey);
  };
  return { ...common, isGenuine: isJsonGenuine, payload: () => ({ kind: 'json', bytes: request.body.received }) };
}

function expectJson(request: IncomingRequest): void {
  const type = mediaTypeOf(request);
  if (type !== 'application/json') {
    reject('request-malformed', {
      problem: {
        en: `Content-Type "${type}" is not application/json`,
        zh: `Content-Type "${type}" 不是 application/json`,
      },
    });
  }
}

/** Hashes and counts what arrives as it arrives: in slices, with everybody else's turn in between. */
function readJson(
  { body }: IncomingRequest,
  hash: Hash,
  { mostJsonBytes, unprovenJson }: ReadingBounds,
): Promise<Buffer> {
  const shape = new JsonShape();
  const look = (part: Buffer) => {
    hash.update(part);
    shape.scan(part);
  };
  return body.read({ limit: mostJsonBytes, unproven: unprovenJson, look });
}

/** The parameters of a v1 call, or undefined when the request has none. */
async function v1Pairs(
  request: IncomingRequest,
  { unprovenForms }: ReadingBounds,
): Promise<ReadonlyMap<string, string> | undefined> {
  const isForm = request.method === 'POST' && mediaTypeOf(request) === 'application/x-www-form-urlencoded';
  const text = isForm
    ? decodeUtf8(await request.body.read({ limit: mostFormBytes, unproven: unprovenForms }), {
        en: 'the form',
        zh: '表单',
      })
    : queryText(request);
  if (text === '') return undefined;
  const pairs = await parsePairs(text);
  return pairs.has('Signature') || pairs.has('Action') ? pairs : undefined;
}

/** Node hands over the bytes of a URL as Latin-1. */
function queryText({ query }: IncomingRequest): string {
  return decodeUtf8(Buffer.from(query, 'latin1'), { en: 'the query', zh: '查询串' });
}

function readV1Call(request: IncomingRequest, pairs: ReadonlyMap<string, string>): SignedCall {
  const need = (name: string) => pairs.get(name) ?? reject('missing-parameter', { name });
  const signature =
    pairs.get('Signature') ??
    reject('authorization-invalid', { problem: { en: 'there is no Signature', zh: '没有 Signature' } });
  if (!/^\d{1,20}$/.test(need('Nonce')))
    reject('wrong-type', { name: 'Nonce', expected: { en: 'integer', zh: '整数' } });
  const own = new Map([...pairs].filter(([name]) => !commonNames.has(name)));
  return {
    action: need('Action'),
    version: need('Version'),
    region: pairs.get('Region'),
    token: pairs.get('Token'),
    secretId: need('SecretId'),
    timestamp: readTimestamp(need('Timestamp'), 'Timestamp'),
    signedHeaders: null,
    isPayloadSigned: true,
    isGenuine: (secretKey) => isV1Genuine(request, pairs, signature, secretKey),
    payload: () => ({ kind: 'pairs', pairs: own }),
  };
}

function readTimestamp(text: string, name: string): number {
  if (!/^\d{1,12}$/.test(text))
    throw new ApiError('wrong-type', {
      name,
      expected: { en: 'integer (seconds since the epoch)', zh: '整数（自 1970 年起的秒数）' },
    });
  return Number(text);
}

import type { Credentials, Principal } from '../../domain/operator/principal.ts';
import type { Clock } from '../../platform/clock.ts';
import { nextTurn } from '../../platform/loop-turn.ts';
import type { WireObject } from '../action.ts';
import { reject } from './api-error.ts';
import type { CallFacts, CallRunner } from './call-runner.ts';
import { decodeUtf8 } from '../wire/decode-utf8.ts';
import { unflatten } from '../wire/flattened-parameters.ts';
import type { IncomingRequest } from './incoming-request.ts';
import type { ParameterValidator } from '../wire/parameter-validator.ts';
import { languageOf, readSignedCall, type ReadingBounds, type SignedCall } from './signed-call.ts';

/** Where keys are looked up that may sign. */
export interface CredentialSource {
  /** Undefined: there is no such key (any more). */
  accessKey(secretId: string, now: number): Credentials | undefined;
  /** Undefined: the token is not that of this id, or not valid (any more). */
  temporaryKey(secretId: string, token: string, now: number): Credentials | undefined;
}

export interface CallHandlerOptions {
  readonly runner: CallRunner;
  readonly credentials: CredentialSource;
  readonly clock: Clock;
  readonly bounds: ReadingBounds;
}

export type CallHandler = (request: IncomingRequest, requestId: string, facts: CallFacts) => Promise<WireObject>;

/** Clocks of both sides may differ by this much, seconds (docs/spec/protocol.md section 3). */
const clockSkewSeconds = 300;

/**
 * Takes a request through the checks in the vendor's order: form and headers, Action and Version, signature, expiry; then the call is
 * proven, and runs as any other (call-runner.ts). JSON bodies are received only for a key that exists, and parsed only once their
 * signature is proven.
 */
export function createCallHandler({ runner, credentials, clock, bounds }: CallHandlerOptions): CallHandler {
  return async (request, requestId, facts) => {
    const call = await readSignedCall(request, bounds);
    const route = runner.routeOf(call, facts);
    if (route.service.signsTheWholeCall) expectWholeCallSigned(call);
    const principal = await authenticate(call, { credentials, clock }, facts);
    request.body.release();
    facts.accountId = principal.accountId;
    if (Math.abs(clock.now() / 1000 - call.timestamp) > clockSkewSeconds) {
      reject('signature-expired', { seconds: clockSkewSeconds });
    }
    const { remoteAddress } = request;
    const parameters = () => readParameters(call, route.validate);
    const proven = { principal, region: call.region, remoteAddress, language: languageOf(request), parameters };
    return runner.run(route, proven, requestId, facts);
  };
}

/** What tells one call from another; with one of them unsigned, a captured call could be sent again as another one. */
const identifyingHeaders = ['x-tc-action', 'x-tc-version', 'x-tc-region', 'x-tc-timestamp'];

function expectWholeCallSigned({ signedHeaders, isPayloadSigned }: SignedCall): void {
  if (signedHeaders === null)
    reject('authorization-invalid', {
      problem: { en: 'this service takes TC3-HMAC-SHA256 only', zh: '该服务仅接受 TC3-HMAC-SHA256' },
    });
  const missing = identifyingHeaders.filter((name) => !signedHeaders.includes(name));
  if (missing.length > 0) {
    reject('authorization-invalid', {
      problem: {
        en: `SignedHeaders does not hold ${missing.join(', ')}`,
        zh: `SignedHeaders 中缺少 ${missing.join(', ')}`,
      },
    });
  }
  if (!isPayloadSigned)
    reject('authorization-invalid', {
      problem: { en: 'this service takes no unsigned payload', zh: '该服务不接受未签名的请求体' },
    });
}

/** Real keys look like this; others are not even looked up. */
const secretIdPattern = /^AKID[0-9A-Za-z]{8,60}$/;

async function authenticate(
  call: SignedCall,
  { credentials, clock }: Pick<CallHandlerOptions, 'credentials' | 'clock'>,
  facts: CallFacts,
): Promise<Principal> {
  const { secretId, token = '' } = call;
  if (!secretIdPattern.test(secretId)) reject('secret-id-invalid');
  facts.secretId = secretId;
  const now = clock.now();
  const found =
    token === ''
      ? (credentials.accessKey(secretId, now) ?? reject('secret-id-unknown'))
      : (credentials.temporaryKey(secretId, token, now) ?? reject('token-invalid'));
  if (!(await call.isGenuine(found.secretKey))) reject('signature-wrong');
  return found.principal;
}

/** Building the parameters and checking them are two slices of work. */
async function readParameters(call: SignedCall, validate: ParameterValidator): Promise<WireObject> {
  const payload = call.payload();
  const isJson = payload.kind === 'json';
  const given = isJson ? parseJsonBody(payload.bytes) : unflatten(payload.pairs);
  await nextTurn();
  return validate(given, isJson ? 'json' : 'texts');
}

function parseJsonBody(bytes: Buffer): unknown {
  if (bytes.length === 0) return {};
  const text = decodeUtf8(bytes, { en: 'the body', zh: '请求体' });
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return reject('request-malformed', { problem: { en: 'the body is not JSON', zh: '请求体不是 JSON' } });
  }
}

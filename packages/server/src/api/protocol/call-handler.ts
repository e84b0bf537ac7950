import type { Credentials, Principal } from '../../domain/operator/principal.ts';
import type { RegionNames } from '../../domain/operator/region-names.ts';
import type { Clock } from '../../platform/clock.ts';
import type { AccessService } from '../../services/operator/access.ts';
import type { Call, Caller } from '../../services/caller.ts';
import { nextTurn } from '../../platform/loop-turn.ts';
import type { Action, WireObject } from '../action.ts';
import { splitCommon } from '../common-parameters.ts';
import { reject } from './api-error.ts';
import { decodeUtf8 } from '../wire/decode-utf8.ts';
import { unflatten } from '../wire/flattened-parameters.ts';
import type { IncomingRequest } from './incoming-request.ts';
import { createParameterValidators, type ParameterValidator } from '../wire/parameter-validator.ts';
import { checkPermitted } from './check-permitted.ts';
import { namedResources } from './named-resources.ts';
import type { RateLimiter } from './rate-limit.ts';
import type { WireService } from '../wire/services-on-the-wire.ts';
import { languageOf, readSignedCall, type ReadingBounds, type SignedCall } from './signed-call.ts';

/** Where keys are looked up that may sign. */
export interface CredentialSource {
  /** Undefined: there is no such key (any more). */
  accessKey(secretId: string, now: number): Credentials | undefined;
  /** Undefined: the token is not that of this id, or not valid (any more). */
  temporaryKey(secretId: string, token: string, now: number): Credentials | undefined;
}

export interface CallHandlerOptions {
  readonly wireServices: readonly WireService[];
  readonly credentials: CredentialSource;
  /** Whether policies allow a call. */
  readonly permits: AccessService['permits'];
  readonly clock: Clock;
  readonly rateLimiter: RateLimiter;
  readonly bounds: ReadingBounds;
  readonly regions: RegionNames;
}

/** What a call has said about itself so far, for the logs. */
export interface CallFacts {
  service?: string;
  action?: string;
  effect?: Action['definition']['effect'];
  /** Who it says it is. */
  secretId?: string;
  /** Once the signature is proven. */
  accountId?: string;
  /** Ids that it names. */
  resources?: readonly string[];
  /** The rate limit let it through. */
  admitted?: true;
  region?: string;
}

export type CallHandler = (request: IncomingRequest, requestId: string, facts: CallFacts) => Promise<WireObject>;

/** Clocks of both sides may differ by this much, seconds (docs/spec/protocol.md section 3). */
const clockSkewSeconds = 300;
interface Route {
  readonly action: Action;
  readonly service: WireService;
  readonly validate: ParameterValidator;
}

/**
 * Takes a request through the checks in the vendor's order: form and headers, Action and Version, signature, expiry,
 * rate, region, parameters, policy; then runs the Action. JSON bodies are received only for a key that exists, and parsed only
 * once their signature is proven.
 */
export function createCallHandler(options: CallHandlerOptions): CallHandler {
  const { wireServices, clock, regions } = options;
  const routes = buildRoutes(wireServices);
  return async (request, requestId, facts) => {
    const call = await readSignedCall(request, options.bounds);
    const { action, service, validate } = findRoute(wireServices, routes, call);
    facts.service = service.name;
    facts.action = action.name;
    facts.effect = action.definition.effect;
    if (service.signsTheWholeCall) expectWholeCallSigned(call);
    const principal = await authenticate(call, options, facts);
    request.body.release();
    facts.accountId = principal.accountId;
    if (Math.abs(clock.now() / 1000 - call.timestamp) > clockSkewSeconds) {
      reject('signature-expired', { seconds: clockSkewSeconds });
    }
    takeFromRate(options.rateLimiter, principal, action.name);
    facts.admitted = true;
    const region = regionOf(call, regions);
    facts.region = region;
    const { common, parameters } = splitCommon(await readParameters(call, validate));
    const named = namedResources(action.definition.request, parameters);
    facts.resources = named.ids;
    await checkPermitted(options.permits, principal, { service: service.name, action, named });
    const { accountId, isAdministrator } = principal;
    const token = common.ClientToken;
    const repeatable = token === undefined ? null : repeatableAs(token, service, action, region, parameters);
    const { remoteAddress } = request;
    const made: Call = {
      ...{ service: service.name, action: action.name, remoteAddress, resources: named.ids, repeatable },
      language: languageOf(request),
    };
    const caller: Caller = { accountId, isAdministrator, region, requestId, principal, call: made, rehearsal: null };
    if (common.DryRun !== true) return action.handle(caller, parameters);
    await action.handle({ ...caller, rehearsal: { rehearsed: () => undefined } }, parameters);
    return reject('dry-run');
  };
}

/** Names in one order: the same call may be written in several. */
function repeatableAs(token: string, service: WireService, action: Action, region: string, parameters: WireObject) {
  return { token, content: JSON.stringify([service.name, action.name, region, inOrder(parameters)]) };
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  const names = Object.keys(value).sort();
  return names.map((name) => [name, inOrder((value as WireObject)[name])]);
}

function takeFromRate(rateLimiter: RateLimiter, { accountId, keyId, callsPerSecond }: Principal, action: string): void {
  if (callsPerSecond !== null && !rateLimiter.takeOfKey(keyId, callsPerSecond)) {
    reject('key-rate-limited', { limit: callsPerSecond });
  }
  if (!rateLimiter.take(accountId, action)) {
    reject('rate-limited', { action, limit: rateLimiter.limitOf(action) });
  }
}

const regionPattern = /^[A-Za-z0-9-]{1,40}$/;
/** Actions that look, or take away: they go on in a region that is not on the list any more. */
const leavingPattern = /^(Describe|Get|Delete|Detach|Reject|Disable|Clear)/;

function regionOf(call: SignedCall, regions: RegionNames): string {
  const { action, region = regions.usual } = call;
  if (!regionPattern.test(region)) reject('region-unknown', { region });
  if (!leavingPattern.test(action)) regions.expect(region);
  return region;
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

function buildRoutes(wireServices: readonly WireService[]): ReadonlyMap<string, Route> {
  const validatorFor = createParameterValidators();
  return new Map(
    wireServices.flatMap((service) =>
      service.actions.map((action) => [
        `${service.version} ${action.name}`,
        { action, service, validate: validatorFor(action.definition.request) },
      ]),
    ),
  );
}

function findRoute(
  wireServices: readonly WireService[],
  routes: ReadonlyMap<string, Route>,
  { action, version }: SignedCall,
): Route {
  const services = wireServices.filter((candidate) => candidate.version === version);
  if (services.length === 0) {
    const known = wireServices.map((candidate) => `${candidate.version} (${candidate.name})`).join(', ');
    reject('version-unknown', { version, known });
  }
  const route = routes.get(`${version} ${action}`);
  if (route !== undefined) return route;
  if (services.some(({ unbuilt }) => unbuilt.has(action))) reject('action-not-built', { action });
  return reject('action-unknown', { action, service: services.map(({ name }) => name).join(', '), version });
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

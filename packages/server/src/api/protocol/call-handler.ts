import type { AccessKey } from '../../domain/operator/account.ts';
import type { RegionNames } from '../../domain/operator/region-names.ts';
import type { Clock } from '../../platform/clock.ts';
import { nextTurn } from '../../platform/loop-turn.ts';
import type { Action, WireObject } from '../action.ts';
import { reject } from './api-error.ts';
import { decodeUtf8 } from '../wire/decode-utf8.ts';
import { unflatten } from '../wire/flattened-parameters.ts';
import type { IncomingRequest } from './incoming-request.ts';
import { createParameterValidators, type ParameterValidator } from '../wire/parameter-validator.ts';
import type { RateLimiter } from './rate-limit.ts';
import type { WireService } from '../wire/services-on-the-wire.ts';
import { readSignedCall, type ReadingBounds, type SignedCall } from './signed-call.ts';

/** Where access keys are looked up. */
export interface AccessKeySource {
  find(secretId: string): Promise<(AccessKey & { readonly secretKey: string }) | undefined>;
}

export interface CallHandlerOptions {
  readonly wireServices: readonly WireService[];
  readonly accessKeys: AccessKeySource;
  readonly clock: Clock;
  readonly rateLimiter: RateLimiter;
  readonly bounds: ReadingBounds;
  readonly regions: RegionNames;
}

/** What a call has said about itself so far, for the log. */
export interface CallFacts {
  service?: string;
  action?: string;
  /** Once the signature is proven. */
  accountId?: string;
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
 * rate, region, parameters; then runs the Action. JSON bodies are received only for a key that exists, and parsed only
 * once their signature is proven.
 */
export function createCallHandler(options: CallHandlerOptions): CallHandler {
  const { wireServices, clock, rateLimiter, regions } = options;
  const routes = buildRoutes(wireServices);
  return async (request, requestId, facts) => {
    const call = await readSignedCall(request, options.bounds);
    const { action, service, validate } = findRoute(wireServices, routes, call);
    facts.service = service.name;
    facts.action = action.name;
    if (service.signsTheWholeCall) expectWholeCallSigned(call);
    const key = await authenticate(call, options.accessKeys);
    request.body.release();
    facts.accountId = key.accountId;
    if (Math.abs(clock.now() / 1000 - call.timestamp) > clockSkewSeconds) {
      reject('signature-expired', { seconds: clockSkewSeconds });
    }
    if (!rateLimiter.take(key.accountId, action.name)) {
      reject('rate-limited', { action: action.name, limit: rateLimiter.limitOf(action.name) });
    }
    facts.admitted = true;
    const region = regionOf(call, regions);
    facts.region = region;
    const parameters = await readParameters(call, validate);
    const { accountId, isAdministrator } = key;
    return action.handle({ accountId, isAdministrator, region, requestId }, parameters);
  };
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
  if (signedHeaders === null) reject('authorization-invalid', { problem: 'this service takes TC3-HMAC-SHA256 only' });
  const missing = identifyingHeaders.filter((name) => !signedHeaders.includes(name));
  if (missing.length > 0) {
    reject('authorization-invalid', { problem: `SignedHeaders does not hold ${missing.join(', ')}` });
  }
  if (!isPayloadSigned) reject('authorization-invalid', { problem: 'this service takes no unsigned payload' });
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

async function authenticate(call: SignedCall, accessKeys: AccessKeySource): Promise<AccessKey> {
  if (call.token !== undefined && call.token !== '') reject('token-invalid');
  if (!secretIdPattern.test(call.secretId)) reject('secret-id-invalid');
  const key = await accessKeys.find(call.secretId);
  if (key === undefined) reject('secret-id-unknown');
  if (!(await call.isGenuine(key.secretKey))) reject('signature-wrong');
  return key;
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
  const text = decodeUtf8(bytes, 'the body');
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return reject('request-malformed', { problem: 'the body is not JSON' });
  }
}

import type { AccessKey } from '../domain/account.ts';
import type { Clock } from '../platform/clock.ts';
import type { Action, WireObject } from './action.ts';
import { reject } from './api-error.ts';
import { unflatten } from './flattened-parameters.ts';
import type { IncomingRequest } from './incoming-request.ts';
import { createParameterValidators, type ParameterValidator } from './parameter-validator.ts';
import type { RateLimiter } from './rate-limit.ts';
import type { WireService } from './services-on-the-wire.ts';
import { readSignedCall, type SignedCall } from './signed-call.ts';

/** Where access keys are looked up. */
export interface AccessKeySource {
  find(secretId: string): Promise<(AccessKey & { readonly secretKey: string }) | undefined>;
}

export interface CallHandlerOptions {
  readonly wireServices: readonly WireService[];
  readonly accessKeys: AccessKeySource;
  readonly clock: Clock;
  readonly rateLimiter: RateLimiter;
}

/** What a finished call says about itself, for the log. */
export interface CallFacts {
  service?: string;
  action?: string;
  accountId?: string;
  region?: string;
}

export type CallHandler = (request: IncomingRequest, requestId: string, facts: CallFacts) => Promise<WireObject>;

/** Clocks of both sides may differ by this much, seconds (spec/protocol.md section 3). */
const clockSkewSeconds = 300;
const regionPattern = /^[A-Za-z0-9-]{1,40}$/;
/** Region of calls that name none. */
const defaultRegion = 'local';

interface Route {
  readonly action: Action;
  readonly service: WireService;
  readonly validate: ParameterValidator;
}

/**
 * Takes a request through the checks in the vendor's order: form and headers, Action and Version, signature, expiry,
 * rate, region, parameters; then runs the Action. Bodies are parsed only once their signature is proven.
 */
export function createCallHandler(options: CallHandlerOptions): CallHandler {
  const { wireServices, clock, rateLimiter } = options;
  const routes = buildRoutes(wireServices);
  return async (request, requestId, facts) => {
    const call = readSignedCall(request);
    const { action, service, validate } = findRoute(wireServices, routes, call);
    facts.service = service.name;
    facts.action = action.name;
    const key = await authenticate(call, options.accessKeys);
    facts.accountId = key.accountId;
    if (Math.abs(clock.now() / 1000 - call.timestamp) > clockSkewSeconds) {
      reject('signature-expired', { seconds: clockSkewSeconds });
    }
    if (!rateLimiter.take(key.accountId, action.name)) {
      reject('rate-limited', { action: action.name, limit: rateLimiter.limitOf(action.name) });
    }
    const region = call.region ?? defaultRegion;
    if (!regionPattern.test(region)) reject('region-unknown', { region });
    facts.region = region;
    const parameters = readParameters(call, validate);
    const { accountId, isAdministrator } = key;
    return action.handle({ accountId, isAdministrator, region, requestId }, parameters);
  };
}

function buildRoutes(wireServices: readonly WireService[]): ReadonlyMap<string, Route> {
  const validatorFor = createParameterValidators();
  return new Map(
    wireServices.flatMap((service) =>
      service.actions.map((action) => [
        `${service.version} ${action.name}`,
        { action, service, validate: validatorFor(action.request) },
      ]),
    ),
  );
}

function findRoute(
  wireServices: readonly WireService[],
  routes: ReadonlyMap<string, Route>,
  { action, version }: SignedCall,
): Route {
  const service = wireServices.find((candidate) => candidate.version === version);
  if (service === undefined) {
    const known = wireServices.map((candidate) => `${candidate.version} (${candidate.name})`).join(', ');
    reject('version-unknown', { version, known });
  }
  const route = routes.get(`${version} ${action}`);
  if (route !== undefined) return route;
  if (service.unbuilt.has(action)) reject('action-not-built', { action });
  return reject('action-unknown', { action, service: service.name, version });
}

/** Real keys look like this; others are not even looked up. */
const secretIdPattern = /^AKID[0-9A-Za-z]{8,60}$/;

async function authenticate(call: SignedCall, accessKeys: AccessKeySource): Promise<AccessKey> {
  if (call.token !== undefined && call.token !== '') reject('token-invalid');
  if (!secretIdPattern.test(call.secretId)) reject('secret-id-invalid');
  const key = await accessKeys.find(call.secretId);
  if (key === undefined) reject('secret-id-unknown');
  if (!call.isGenuine(key.secretKey)) reject('signature-wrong');
  return key;
}

function readParameters({ payload }: SignedCall, validate: ParameterValidator): WireObject {
  if (payload.kind === 'pairs') return validate(unflatten(payload.pairs), 'texts');
  return validate(parseJsonBody(payload.bytes), 'json');
}

function parseJsonBody(bytes: Buffer): unknown {
  if (bytes.length === 0) return {};
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown;
  } catch {
    return reject('request-malformed', { problem: 'the body is not JSON in UTF-8' });
  }
}

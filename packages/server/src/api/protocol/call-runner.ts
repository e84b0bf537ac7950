import type { Principal } from '../../domain/operator/principal.ts';
import type { RegionNames } from '../../domain/operator/region-names.ts';
import type { AccessService } from '../../services/operator/access.ts';
import type { Call, Caller } from '../../services/caller.ts';
import type { Action, WireObject } from '../action.ts';
import { splitCommon } from '../common-parameters.ts';
import { reject, type Language } from './api-error.ts';
import { validatorFor, type ParameterValidator } from '../wire/parameter-validator.ts';
import { checkPermitted } from './check-permitted.ts';
import { namedResources } from './named-resources.ts';
import type { RateLimiter } from './rate-limit.ts';
import type { WireService } from '../wire/services-on-the-wire.ts';

export interface CallRunnerOptions {
  readonly wireServices: readonly WireService[];
  /** Whether policies allow a call. */
  readonly permits: AccessService['permits'];
  readonly rateLimiter: RateLimiter;
  readonly regions: RegionNames;
}

/** What a call has said about itself so far, for the logs. */
export interface CallFacts {
  service?: string;
  action?: string;
  effect?: Action['definition']['effect'];
  /** Who it says it is. */
  secretId?: string;
  /** Once it is proven whose call it is. */
  accountId?: string;
  /** Ids that it names. */
  resources?: readonly string[];
  /** The rate limit let it through. */
  admitted?: true;
  region?: string;
}

/** An Action, and what holds its parameters to what the catalogue says. */
export interface Route {
  readonly action: Action;
  readonly service: WireService;
  readonly validate: ParameterValidator;
}

/** A call of which it is known whose it is. */
export interface ProvenCall {
  readonly principal: Principal;
  /** Undefined: the service's usual one. */
  readonly region: string | undefined;
  readonly remoteAddress: string;
  readonly language: Language;
  /** Those of the Action, held to what it takes. Asked for once the rate limits let the call through. */
  readonly parameters: () => Promise<WireObject>;
}

/** Runs Actions for whoever has proven who he is, whichever door he came by: by signature, or with a session of the console. */
export interface CallRunner {
  /** Throws ApiError where there is no such Action. */
  routeOf(called: { readonly action: string; readonly version: string }, facts: CallFacts): Route;
  /** Checks rate, region, parameters and policy, in the vendor's order, and runs the Action. */
  run(route: Route, call: ProvenCall, requestId: string, facts: CallFacts): Promise<WireObject>;
}

export function createCallRunner({ wireServices, permits, rateLimiter, regions }: CallRunnerOptions): CallRunner {
  const routes = buildRoutes(wireServices);
  return {
    routeOf: (called, facts) => {
      const route = findRoute(wireServices, routes, called);
      facts.service = route.service.name;
      facts.action = route.action.name;
      facts.effect = route.action.definition.effect;
      return route;
    },
    run: async ({ action, service }, { principal, remoteAddress, language, ...call }, requestId, facts) => {
      takeFromRate(rateLimiter, principal, action.name);
      facts.admitted = true;
      const region = regionOf(action.name, call.region, regions);
      facts.region = region;
      const { common, parameters } = splitCommon(await call.parameters());
      const named = namedResources(action.definition.request, parameters);
      facts.resources = named.ids;
      await checkPermitted(permits, principal, { service: service.name, action, named });
      const { accountId, isAdministrator } = principal;
      const token = common.ClientToken;
      const repeatable = token === undefined ? null : repeatableAs(token, service, action, region, parameters);
      const made: Call = {
        ...{ service: service.name, action: action.name, remoteAddress, resources: named.ids, repeatable },
        language,
      };
      const caller: Caller = { accountId, isAdministrator, region, requestId, principal, call: made, rehearsal: null };
      if (common.DryRun !== true) return action.handle(caller, parameters);
      await action.handle({ ...caller, rehearsal: { rehearsed: () => undefined } }, parameters);
      return reject('dry-run');
    },
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

function regionOf(action: string, given: string | undefined, regions: RegionNames): string {
  const region = given ?? regions.usual;
  if (!regionPattern.test(region)) reject('region-unknown', { region });
  if (!leavingPattern.test(action)) regions.expect(region);
  return region;
}

function buildRoutes(wireServices: readonly WireService[]): ReadonlyMap<string, Route> {
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
  { action, version }: { readonly action: string; readonly version: string },
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

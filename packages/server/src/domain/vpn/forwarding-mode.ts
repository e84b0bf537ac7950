import { refuse } from '../refusal.ts';
import { isWildcardPolicy } from './security-policy.ts';
import type { RouteType, SecurityPolicyEntry, VpnConnection, WrittenPolicy } from './vpn-connection.ts';

/** Policies as the caller wrote them, and without host bits. */
export interface GivenPolicies {
  readonly entries: readonly SecurityPolicyEntry[];
  readonly written: readonly WrittenPolicy[];
}

export const noPolicies: GivenPolicies = { entries: [], written: [] };

export type ForwardingMode = Pick<VpnConnection, 'routeType' | 'mode' | 'policies' | 'writtenPolicies'>;

/**
 * Whether policies or the gateway's route table decide (docs/spec/actions.md, CreateVpnConnection, "Mode decision").
 * `route`: the route table, whatever policies there are. `spd`: the policies, which must be there. `either` or nothing: the
 * policies if there are any. The single policy 0.0.0.0/0 ↔ 0.0.0.0/0 means the route table everywhere. What the caller named is
 * kept; what it left out is resolved to `spd` or `route`.
 */
export function forwardingMode(
  routeType: RouteType | undefined,
  { entries: policies, written }: GivenPolicies,
): ForwardingMode {
  if (routeType === 'spd' && policies.length === 0) refuse('policies-missing');
  const resolved = routeType ?? (policies.length > 0 ? 'spd' : 'route');
  if (resolved === 'route' || policies.length === 0 || isWildcardPolicy(policies)) {
    return { routeType: resolved, mode: 'route', policies: [], writtenPolicies: written.length === 0 ? null : written };
  }
  return {
    routeType: resolved,
    mode: 'spd',
    policies,
    writtenPolicies: isSameText(policies, written) ? null : written,
  };
}

/** The caller gave policies that its own choice of destination routing makes meaningless. */
export function ignoresPolicies({ mode, writtenPolicies }: Pick<VpnConnection, 'mode' | 'writtenPolicies'>): boolean {
  return mode === 'route' && writtenPolicies !== null && !writtenPolicies.every(isWildcard);
}

function isWildcard({ local, remotes }: WrittenPolicy): boolean {
  return [local, ...remotes].every((range) => range.endsWith('/0'));
}

function isSameText(policies: readonly SecurityPolicyEntry[], written: readonly WrittenPolicy[]): boolean {
  return JSON.stringify(policies) === JSON.stringify(written);
}

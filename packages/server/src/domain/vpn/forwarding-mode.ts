import { refuse } from '../refusal.ts';
import { isWildcardPolicy } from './security-policy.ts';
import type { RouteType, SecurityPolicyEntry, VpnConnection } from './vpn-connection.ts';

export type ForwardingMode = Pick<VpnConnection, 'routeType' | 'mode' | 'policies'> & {
  readonly wildcardPolicy: boolean;
};

/**
 * Whether policies or the gateway's route table decide (docs/spec/actions.md, CreateVpnConnection, "Mode decision").
 * `route`: the route table. `spd`: the policies, which must be there. `either` or nothing: the policies if there are any. The
 * single policy 0.0.0.0/0 ↔ 0.0.0.0/0 means the route table everywhere. What the caller named is kept; what it left out is
 * resolved to `spd` or `route`.
 */
export function forwardingMode(
  routeType: RouteType | undefined,
  policies: readonly SecurityPolicyEntry[],
): ForwardingMode {
  const wildcardPolicy = isWildcardPolicy(policies);
  const isSelective = policies.length > 0 && !wildcardPolicy;
  if (routeType === 'route' && isSelective) refuse('policies-with-destination-routing');
  if (routeType === 'spd' && policies.length === 0) refuse('policies-missing');
  const resolved = routeType ?? (policies.length > 0 ? 'spd' : 'route');
  return isSelective
    ? { routeType: resolved, mode: 'spd', policies, wildcardPolicy }
    : { routeType: resolved, mode: 'route', policies: [], wildcardPolicy };
}

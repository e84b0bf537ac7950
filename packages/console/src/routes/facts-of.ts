import type { Status } from './read-routes.ts';
import type { Facts } from './use-of.ts';

/** What DescribeSystemStatus tells of what routes need. @param status null: nobody knows yet. */
export function factsOf(status: Status | null, isAgentHeard: boolean): Facts {
  const all = [...(status?.values() ?? [])].flatMap(({ Tunnels }) => Tunnels);
  const tunnels = new Map<string, (typeof all)[number]>(all.map((tunnel) => [tunnel.VpnConnectionId, tunnel]));
  return {
    isAgentHeard,
    faultOf: (id) => {
      const tunnel = tunnels.get(id);
      if (tunnel === undefined || tunnel.ChangedAt === '') return undefined;
      if (tunnel.Usable) return null;
      return tunnel.Fault === '' ? undefined : tunnel.Fault;
    },
    policyFaultOf: (id) => {
      const tunnel = tunnels.get(id);
      if (tunnel === undefined || tunnel.ChangedAt === '') return undefined;
      if (tunnel.NetStatus === 'AVAILABLE') return null;
      return tunnel.Children.some(({ Installed }) => Installed) ? 'partly' : 'no-child-sa';
    },
    isApplied: (id) => {
      const gateway = status?.get(id);
      if (gateway === undefined) return undefined;
      return gateway.Error === '' && gateway.Applied >= gateway.Generation;
    },
  };
}

import { parseCidr, parseIpAddress } from '@landbridge/net';
import { sampleConnection, sampleGatewayRoute, sampleNetwork } from '../sample-network.ts';
import type { SecurityPolicyEntry, VpnConnection } from '../../src/domain/vpn/vpn-connection.ts';
import type { VpnGatewayRoute } from '../../src/domain/vpn/vpn-gateway-route.ts';
import type { World } from './world.ts';

/** Scenarios of docs/spec/scenarios.md: one VPC 10.0.0.0/16 with subnets A and B, IDC n with 192.168.n.0/24. */
interface Scenario {
  readonly tunnels: readonly VpnConnection[];
  readonly routes?: readonly VpnGatewayRoute[];
  readonly vpcRoutes?: readonly string[];
  readonly isAttached?: boolean;
}

export function scenario({ tunnels, routes = [], vpcRoutes = [], isAttached = true }: Scenario): World {
  const network = sampleNetwork(tunnels, routes, vpcRoutes);
  const vpnGateways = network.vpnGateways.map((gateway) => ({ ...gateway, kind: 'ccn' as const, vpcId: null }));
  return {
    desired: isAttached ? network : { ...network, vpnGateways },
    idcs: tunnels.map(({ customerGatewayId, ifId }) => ({
      id: customerGatewayId,
      address: parseIpAddress(`203.0.113.${10 + ifId}`),
      ranges: [parseCidr(idcRange(ifId))],
    })),
  };
}

export function idcRange(number: number): string {
  return `192.168.${number}.0/24`;
}

/** TUN-ROUTE(n). */
export function byRoute(number: number): VpnConnection {
  return sampleConnection(number);
}

/** TUN-SPD(n, local, [remote]); the IDC's own range when no remote is given. */
export function bySpd(number: number, local = '10.0.0.0/16', remote = idcRange(number)): VpnConnection {
  const policies: SecurityPolicyEntry[] = [{ local: parseCidr(local), remotes: [parseCidr(remote)] }];
  return sampleConnection(number, policies);
}

/** GWROUTE(cidr, tunnel, priority). */
export function route(
  number: number,
  changes: Partial<VpnGatewayRoute> & { readonly to?: string } = {},
): VpnGatewayRoute {
  const { to = idcRange(number), ...rest } = changes;
  return sampleGatewayRoute(to, number, rest);
}

import type { Quotas } from '../../../domain/operator/quotas.ts';

/** The vendor's names of limits (docs/spec/actions.md, DescribeVpcLimits). */
const limits: Readonly<Record<string, (quotas: Quotas) => number>> = {
  'appid-max-vpcs': ({ vpcs }) => vpcs,
  'vpc-max-subnets': ({ subnetsPerVpc }) => subnetsPerVpc,
  'vpc-max-route-tables': ({ routeTablesPerVpc }) => routeTablesPerVpc,
  'route-table-max-policies': ({ routesPerRouteTable }) => routesPerRouteTable,
  'vpc-max-vpn-gateways': ({ vpcVpnGateways }) => vpcVpnGateways,
  'appid-max-custom-gateways': ({ customerGateways }) => customerGateways,
  'appid-max-vpn-connections': mostTunnels,
  'custom-gateway-max-vpn-connections': ({ vpnConnectionsPerCustomerGateway }) => vpnConnectionsPerCustomerGateway,
  'vpn-gateway-max-custom-gateways': ({ vpnConnectionsPerVpnGateway }) => vpnConnectionsPerVpnGateway,
  'vpc-max-assistant_cidrs': ({ secondaryRangesPerVpc }) => secondaryRangesPerVpc,
};

/** Limits of what is not offered here: ACLs, peering, NAT, network interfaces, HAVIPs, endpoints, IPv6. */
const ofOthers: ReadonlySet<string> = new Set([
  ...['vpc-max-network-acls', 'network-acl-max-inbound-policies', 'network-acl-max-outbound-policies'],
  ...['vpc-max-vpcpeers', 'vpc-max-available-vpcpeers', 'vpc-max-basic-network-interconnections'],
  ...['direct-connection-max-snats', 'direct-connection-max-dnats', 'direct-connection-max-snapts'],
  ...['direct-connection-max-dnapts', 'vpc-max-nat-gateways', 'nat-gateway-max-eips', 'nat-gateway-max-dnapts'],
  ...['vpc-max-enis', 'vpc-max-havips', 'eni-max-private-ips', 'vpc-max-ipv6s', 'eni-max-ipv6s'],
  ...['appid-max-end-point-services', 'appid-max-end-point-service-white-lists'],
  ...['vpc-max-cmcc-ipv6-cidrs', 'vpc-max-ctcc-ipv6-cidrs', 'vpc-max-cucc-ipv6-cidrs', 'vpc-max-bgp-ipv6-cidrs'],
  ...['vpc-max-custom-ipv6-cidrs', 'vpc-max-ula-ipv6-cidrs'],
]);

/** 0 for what is not offered here; undefined: nobody knows such a limit. */
export function limitNamed(name: string, quotas: Quotas): number | undefined {
  if (ofOthers.has(name)) return 0;
  return Object.hasOwn(limits, name) ? limits[name]?.(quotas) : undefined;
}

/** Tunnels are bounded by their gateways. */
function mostTunnels({ vpcVpnGateways, ccnVpnGateways, vpnConnectionsPerVpnGateway }: Quotas): number {
  return (vpcVpnGateways + ccnVpnGateways) * vpnConnectionsPerVpnGateway;
}

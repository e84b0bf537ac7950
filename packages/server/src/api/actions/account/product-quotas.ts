import type { Quotas } from '../../../domain/operator/quotas.ts';

/** A quota as the vendor lists it. */
export interface ProductQuota {
  /** The vendor's own where it has one, else as our setting is called. */
  readonly id: string;
  readonly name: string;
  readonly quota: keyof Quotas;
  /** False: over all regions. */
  readonly isRegional: boolean;
}

const regional = (id: string, name: string, quota: keyof Quotas): ProductQuota => {
  return { id, name, quota, isRegional: true };
};
const global = (id: string, name: string, quota: keyof Quotas): ProductQuota => {
  return { id, name, quota, isRegional: false };
};

/** By product. What is not offered here has none. */
export const productQuotas = {
  vpc: [
    regional('appid-max-vpcs', 'VPCs', 'vpcs'),
    regional('vpc-max-assistant_cidrs', 'secondary ranges of a VPC', 'secondaryRangesPerVpc'),
    regional('vpc-max-subnets', 'subnets of a VPC', 'subnetsPerVpc'),
    regional('vpc-max-route-tables', 'route tables of a VPC', 'routeTablesPerVpc'),
    regional('route-table-max-policies', 'routes of a route table', 'routesPerRouteTable'),
  ],
  vpn: [
    regional('vpc-max-vpn-gateways', 'VPN gateways of VPCs', 'vpcVpnGateways'),
    regional('ccnVpnGateways', 'VPN gateways for CCNs', 'ccnVpnGateways'),
    regional('appid-max-custom-gateways', 'customer gateways', 'customerGateways'),
    regional('vpn-gateway-max-custom-gateways', 'tunnels of a VPN gateway', 'vpnConnectionsPerVpnGateway'),
    regional('custom-gateway-max-vpn-connections', 'tunnels to a customer gateway', 'vpnConnectionsPerCustomerGateway'),
    regional('mappingsPerVpnGateway', 'mappings of a VPN gateway', 'mappingsPerVpnGateway'),
    regional('routesPerVpnGateway', 'routes of a VPN gateway', 'routesPerVpnGateway'),
  ],
  ccn: [
    global('ccns', 'CCNs', 'ccns'),
    global('instancesPerCcn', 'instances of a CCN', 'instancesPerCcn'),
    global('routeTablesPerCcn', 'route tables of a CCN', 'routeTablesPerCcn'),
  ],
  dc: [
    regional('directConnectGateways', 'Direct Connect gateways', 'directConnectGateways'),
    regional('rangesPerDirectConnectGateway', 'ranges of a Direct Connect gateway', 'rangesPerDirectConnectGateway'),
  ],
  dfw: [],
  clb: [],
  eip: [],
} as const satisfies Readonly<Record<string, readonly ProductQuota[]>>;

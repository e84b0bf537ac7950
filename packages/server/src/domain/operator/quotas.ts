/** Upper bounds per account and region unless the name says otherwise (docs/spec/semantics.md section 13). */
export interface Quotas {
  readonly vpcs: number;
  readonly secondaryRangesPerVpc: number;
  readonly subnetsPerVpc: number;
  readonly routeTablesPerVpc: number;
  readonly routesPerRouteTable: number;
  readonly vpcVpnGateways: number;
  readonly ccnVpnGateways: number;
  readonly customerGateways: number;
  readonly vpnConnectionsPerVpnGateway: number;
  readonly vpnConnectionsPerCustomerGateway: number;
  /** VPN connections between one VPN gateway and one customer gateway. */
  readonly vpnConnectionsPerPair: number;
  readonly policiesPerVpnConnection: number;
  readonly remotesPerPolicy: number;
  readonly mappingsPerVpnGateway: number;
  readonly routesPerVpnGateway: number;
  /** Per account, in all regions. */
  readonly ccns: number;
  readonly instancesPerCcn: number;
  /** The default table is one of them. */
  readonly routeTablesPerCcn: number;
  /** Input policies, and as many broadcast policies. */
  readonly policiesPerCcnRouteTable: number;
  readonly valuesPerCcnRouteCondition: number;
  readonly selectionPoliciesPerCcn: number;
  readonly directConnectGateways: number;
  readonly rangesPerDirectConnectGateway: number;
  readonly bandwidthLimitsPerCcn: number;
  /** In all regions together: what a host has only so much of, and rows. */
  readonly vpcsPerAccount: number;
  readonly vpnGatewaysPerAccount: number;
  readonly directConnectGatewaysPerAccount: number;
  readonly customerGatewaysPerAccount: number;
}

/** VPC figures are those of the vendor's quota page for VPCs; the rest is section 13. */
const regionalDefaults = {
  vpcs: 20,
  secondaryRangesPerVpc: 10,
  subnetsPerVpc: 100,
  routeTablesPerVpc: 10,
  routesPerRouteTable: 50,
  vpcVpnGateways: 10,
  ccnVpnGateways: 10,
  customerGateways: 20,
  vpnConnectionsPerVpnGateway: 20,
  vpnConnectionsPerCustomerGateway: 20,
  vpnConnectionsPerPair: 1,
  policiesPerVpnConnection: 10,
  remotesPerPolicy: 50,
  mappingsPerVpnGateway: 200,
  routesPerVpnGateway: 1000,
  ccns: 5,
  instancesPerCcn: 25,
  routeTablesPerCcn: 10,
  policiesPerCcnRouteTable: 100,
  valuesPerCcnRouteCondition: 25,
  selectionPoliciesPerCcn: 100,
  directConnectGateways: 10,
  rangesPerDirectConnectGateway: 100,
  /** Every pair of the regions that 25 instances can be in. */
  bandwidthLimitsPerCcn: 300,
};

/** Customer gateways are rows only: an account may fill several regions with them. */
const regionsOfCustomerGateways = 10;

/** What was not chosen by its default. Unless chosen, an account has in all regions what it may have in one. */
export function completeQuotas(chosen: Partial<Quotas> = {}): Quotas {
  const quotas = { ...regionalDefaults, ...chosen };
  return {
    vpcsPerAccount: quotas.vpcs,
    vpnGatewaysPerAccount: quotas.vpcVpnGateways + quotas.ccnVpnGateways,
    directConnectGatewaysPerAccount: quotas.directConnectGateways,
    customerGatewaysPerAccount: quotas.customerGateways * regionsOfCustomerGateways,
    ...quotas,
  };
}

export const defaultQuotas: Quotas = completeQuotas();

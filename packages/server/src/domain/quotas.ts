/** Upper bounds per account and region unless the name says otherwise (spec/semantics.md section 13). */
export interface Quotas {
  readonly vpcs: number;
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
}

/** VPC figures are those of the vendor's quota page for VPCs; the rest is section 13. */
export const defaultQuotas: Quotas = {
  vpcs: 20,
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
};

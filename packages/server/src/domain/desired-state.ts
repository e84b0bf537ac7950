import type { Ccn, CcnAttachment, CcnRangeChoice, CcnRouteChoice } from './ccn/ccn.ts';
import type { CcnRoutePolicyList } from './ccn/ccn-route-policy.ts';
import type { CcnRouteTable, CcnSelectionPolicy } from './ccn/ccn-route-table.ts';
import type { CcnBandwidthLimit } from './ccn/ccn-bandwidth-limit.ts';
import type { CustomerGateway } from './vpn/customer-gateway.ts';
import type { DirectConnectGateway, DirectConnectRange } from './direct-connect/direct-connect-gateway.ts';
import type { DirectConnectLine } from './direct-connect/direct-connect-line.ts';
import type { RouteTable, VpcRoute } from './vpc/route-table.ts';
import type { Subnet, SubnetInterface } from './vpc/subnet.ts';
import type { Vpc } from './vpc/vpc.ts';
import type { VpnConnection } from './vpn/vpn-connection.ts';
import type { VpnGateway } from './vpn/vpn-gateway.ts';
import type { VpnGatewayRoute } from './vpn/vpn-gateway-route.ts';

/** Everything users asked for, over all accounts and regions: the planner's only input. Holds no secret. */
export interface DesiredState {
  readonly vpcs: readonly Vpc[];
  readonly subnets: readonly Subnet[];
  readonly subnetInterfaces: readonly SubnetInterface[];
  readonly routeTables: readonly RouteTable[];
  readonly vpcRoutes: readonly VpcRoute[];
  readonly vpnGateways: readonly VpnGateway[];
  readonly customerGateways: readonly CustomerGateway[];
  readonly vpnConnections: readonly VpnConnection[];
  readonly vpnGatewayRoutes: readonly VpnGatewayRoute[];
  readonly ccns: readonly Ccn[];
  readonly ccnRouteTables: readonly CcnRouteTable[];
  readonly ccnAttachments: readonly CcnAttachment[];
  /** Those in force. */
  readonly ccnRoutePolicies: readonly CcnRoutePolicyList[];
  readonly ccnSelectionPolicies: readonly CcnSelectionPolicy[];
  readonly ccnRouteChoices: readonly CcnRouteChoice[];
  readonly ccnRangeChoices: readonly CcnRangeChoice[];
  readonly ccnBandwidthLimits: readonly CcnBandwidthLimit[];
  readonly directConnectGateways: readonly DirectConnectGateway[];
  readonly directConnectRanges: readonly DirectConnectRange[];
  readonly directConnectLines: readonly DirectConnectLine[];
}

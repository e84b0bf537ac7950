import type { DesiredState } from '../domain/desired-state.ts';
import type { Transaction } from './transaction.ts';

/** Everything, over all accounts, as this transaction sees it. */
export async function readDesiredState(transaction: Transaction): Promise<DesiredState> {
  return {
    vpcs: await transaction.vpcs.all(),
    subnets: await transaction.subnets.all(),
    subnetInterfaces: await transaction.subnetInterfaces.all(),
    routeTables: await transaction.routeTables.all(),
    vpcRoutes: await transaction.vpcRoutes.all(),
    vpnGateways: await transaction.vpnGateways.all(),
    customerGateways: await transaction.customerGateways.all(),
    vpnConnections: await transaction.vpnConnections.all(),
    vpnGatewayRoutes: await transaction.vpnGatewayRoutes.all(),
    ccns: await transaction.ccns.all(),
    ccnRouteTables: await transaction.ccnRouteTables.all(),
    ccnAttachments: await transaction.ccnAttachments.all(),
    ccnRoutePolicies: await transaction.ccnRoutePolicies.inForce(),
    ccnSelectionPolicies: await transaction.ccnSelectionPolicies.all(),
    ccnRouteChoices: await transaction.ccnRouteChoices.all(),
    ccnRangeChoices: await transaction.ccnRangeChoices.all(),
    ccnBandwidthLimits: await transaction.ccnBandwidthLimits.all(),
    directConnectGateways: await transaction.directConnectGateways.all(),
    directConnectRanges: await transaction.directConnectRanges.all(),
    directConnectLines: await transaction.directConnectLines.all(),
  };
}

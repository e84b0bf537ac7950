import type { Actions } from '@landbridge/catalogue/services';
import type { SystemFacts } from '../domain/operator/system-facts.ts';
import type { Clock } from '../platform/clock.ts';
import type { Services } from '../services/create-services.ts';
import type { Handlers } from './action.ts';
import { quotaHandlers } from './actions/account/quotas.ts';
import { ccnAttachmentHandlers } from './actions/ccn/ccn-attachments.ts';
import { ccnBandwidthLimitHandlers } from './actions/ccn/ccn-bandwidth-limits.ts';
import { ccnRouteConflictHandlers } from './actions/ccn/ccn-route-conflicts.ts';
import { ccnRoutePolicyHandlers } from './actions/ccn/ccn-route-policies.ts';
import { ccnRouteTableHandlers } from './actions/ccn/ccn-route-tables.ts';
import { ccnRouteHandlers } from './actions/ccn/ccn-routes.ts';
import { ccnSelectionPolicyHandlers } from './actions/ccn/ccn-selection-policies.ts';
import { ccnHandlers } from './actions/ccn/ccns.ts';
import { directConnectGatewayHandlers } from './actions/direct-connect/direct-connect-gateways.ts';
import { directConnectLineHandlers } from './actions/direct-connect/direct-connect-lines.ts';
import { directConnectRangeHandlers } from './actions/direct-connect/direct-connect-ranges.ts';
import { monitorDataHandlers } from './actions/monitor/monitor-data.ts';
import { accessKeyHandlers } from './actions/operator/access-keys.ts';
import { auditHandlers } from './actions/operator/audit.ts';
import { previewHandlers } from './actions/operator/previews.ts';
import { actionNamed } from './wire/services-on-the-wire.ts';
import { foundResourceHandlers } from './actions/operator/found-resources.ts';
import { eventHandlers } from './actions/operator/events.ts';
import { pathTraceHandlers } from './actions/operator/path-traces.ts';
import { failoverDrillHandlers } from './actions/operator/failover-drills.ts';
import { pathProofHandlers } from './actions/operator/path-proofs.ts';
import { peerProposalHandlers } from './actions/operator/peer-proposals.ts';
import { packetCaptureHandlers } from './actions/operator/packet-captures.ts';
import { peerComparisonHandlers } from './actions/operator/peer-comparisons.ts';
import { planHandlers } from './actions/operator/plans.ts';
import { systemStatusHandlers } from './actions/operator/system-status.ts';
import { timelineHandlers } from './actions/operator/timelines.ts';
import { tunnelHealthHandlers } from './actions/operator/tunnel-health.ts';
import { findingMuteHandlers } from './actions/operator/finding-mutes.ts';
import { webhookHandlers } from './actions/operator/webhooks.ts';
import { tunnelHistoryHandlers } from './actions/operator/tunnel-history.ts';
import { tunnelSaHandlers } from './actions/operator/tunnel-sas.ts';
import { callerIdentityHandlers } from './actions/sts/caller-identity.ts';
import { resourceTagHandlers } from './actions/tag/resource-tags.ts';
import { routeConflictHandlers } from './actions/vpc/route-conflicts.ts';
import { routeTableHandlers } from './actions/vpc/route-tables.ts';
import { secondaryRangeHandlers } from './actions/vpc/secondary-ranges.ts';
import { subnetInterfaceHandlers } from './actions/vpc/subnet-interfaces.ts';
import { subnetHandlers } from './actions/vpc/subnets.ts';
import { vpcRouteHandlers } from './actions/vpc/vpc-routes.ts';
import { vpcHandlers } from './actions/vpc/vpcs.ts';
import { customerGatewayHandlers } from './actions/vpn/customer-gateways.ts';
import { peerConfigurationHandlers } from './actions/vpn/peer-configurations.ts';
import { priceHandlers } from './actions/vpn/prices.ts';
import { sourceCheckHandlers } from './actions/vpn/source-checks.ts';
import { sslVpnHandlers } from './actions/vpn/ssl-vpn.ts';
import { taskHandlers } from './actions/vpn/tasks.ts';
import { vpnConnectionHandlers } from './actions/vpn/vpn-connections.ts';
import { vpnGatewayCcnRouteHandlers } from './actions/vpn/vpn-gateway-ccn-routes.ts';
import { vpnGatewayRouteHandlers } from './actions/vpn/vpn-gateway-routes.ts';
import { vpnGatewayHandlers } from './actions/vpn/vpn-gateways.ts';

/** What does each Action that the catalogue has, and no other. */
export function allHandlers(services: Services, system: SystemFacts, clock: Pick<Clock, 'now'>): Handlers<Actions> {
  const handlers: Handlers<Actions> = {
    ...quotaHandlers(services),
    ...auditHandlers(services),
    ...previewHandlers(services, (service, name) => actionNamed(handlers, service, name)),
    ...ccnAttachmentHandlers(services),
    ...ccnBandwidthLimitHandlers(services),
    ...ccnRouteConflictHandlers(services),
    ...ccnRoutePolicyHandlers(services),
    ...ccnRouteTableHandlers(services),
    ...ccnRouteHandlers(services),
    ...ccnSelectionPolicyHandlers(services),
    ...ccnHandlers(services),
    ...directConnectGatewayHandlers(services),
    ...directConnectLineHandlers(services),
    ...directConnectRangeHandlers(services),
    ...accessKeyHandlers(services),
    ...eventHandlers(services),
    ...foundResourceHandlers(services),
    ...tunnelHealthHandlers(services),
    ...tunnelSaHandlers(services),
    ...findingMuteHandlers(services),
    ...webhookHandlers(services),
    ...pathTraceHandlers(services),
    ...tunnelHistoryHandlers(services, clock),
    ...monitorDataHandlers(services, clock),
    ...timelineHandlers(services),
    ...packetCaptureHandlers(services),
    ...peerProposalHandlers(services),
    ...pathProofHandlers(services),
    ...failoverDrillHandlers(services),
    ...peerComparisonHandlers(services),
    ...planHandlers(services),
    ...systemStatusHandlers(services, system),
    ...callerIdentityHandlers(),
    ...resourceTagHandlers(services),
    ...routeConflictHandlers(services),
    ...routeTableHandlers(services),
    ...secondaryRangeHandlers(services),
    ...subnetInterfaceHandlers(services),
    ...subnetHandlers(services),
    ...vpcRouteHandlers(services),
    ...vpcHandlers(services),
    ...customerGatewayHandlers(services),
    ...peerConfigurationHandlers(services),
    ...priceHandlers(services),
    ...sourceCheckHandlers(services),
    ...sslVpnHandlers(),
    ...taskHandlers(services),
    ...vpnConnectionHandlers(services),
    ...vpnGatewayCcnRouteHandlers(services),
    ...vpnGatewayRouteHandlers(services),
    ...vpnGatewayHandlers(services),
  };
  return handlers;
}

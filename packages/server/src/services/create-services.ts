import { accessKeyService, type AccessKeyService } from './operator/access-keys.ts';
import { accessService, type AccessService } from './operator/access.ts';
import { auditService, type AuditService } from './operator/audit.ts';
import { ccnAttachmentRequestService, type CcnAttachmentRequestService } from './ccn/ccn-attachment-requests.ts';
import { ccnAttachmentService, type CcnAttachmentService } from './ccn/ccn-attachments.ts';
import { ccnBandwidthLimitService, type CcnBandwidthLimitService } from './ccn/ccn-bandwidth-limits.ts';
import { ccnRangeService, type CcnRangeService } from './ccn/ccn-ranges.ts';
import { ccnRouteService, type CcnRouteService } from './ccn/ccn-routes.ts';
import { ccnRoutePolicyService, type CcnRoutePolicyService } from './ccn/ccn-route-policies.ts';
import { ccnRouteTableService, type CcnRouteTableService } from './ccn/ccn-route-tables.ts';
import { ccnSelectionPolicyService, type CcnSelectionPolicyService } from './ccn/ccn-selection-policies.ts';
import { ccnService, type CcnService } from './ccn/ccns.ts';
import { customerGatewayService, type CustomerGatewayService } from './vpn/customer-gateways.ts';
import type { ServiceDependencies } from './dependencies.ts';
import { findingMuteService, type FindingMuteService } from './operator/finding-mutes.ts';
import { webhookService, type WebhookService } from './operator/webhooks.ts';
import { foundResourceService, type FoundResourceService } from './operator/found-resources.ts';
import { eventService, type EventService } from './operator/events.ts';
import {
  directConnectGatewayService,
  type DirectConnectGatewayService,
} from './direct-connect/direct-connect-gateways.ts';
import { directConnectRangeService, type DirectConnectRangeService } from './direct-connect/direct-connect-ranges.ts';
import { directConnectLineService, type DirectConnectLineService } from './direct-connect/direct-connect-lines.ts';
import { packetCaptureService, type PacketCaptureService } from './operator/packet-captures.ts';
import { failoverDrillService, type FailoverDrillService } from './operator/failover-drills.ts';
import { pathProofService, type PathProofService } from './operator/path-proofs.ts';
import { peerProposalService, type PeerProposalService } from './operator/peer-proposals.ts';
import { peerModelService, type PeerModelService } from './vpn/peer-models.ts';
import { pathTraceService, type PathTraceService } from './operator/path-traces.ts';
import { planService, type PlanService } from './operator/plans.ts';
import { resourceTagService, type ResourceTagService } from './tag/resource-tags.ts';
import { previewService, type PreviewService } from './operator/previews.ts';
import { routeTableService, type RouteTableService } from './vpc/route-tables.ts';
import { secondaryRangeService, type SecondaryRangeService } from './vpc/secondary-ranges.ts';
import { sourceCheckService, type SourceCheckService } from './vpn/source-checks.ts';
import { subnetInterfaceService, type SubnetInterfaceService } from './vpc/subnet-interfaces.ts';
import { subnetService, type SubnetService } from './vpc/subnets.ts';
import { quotaService, type QuotaService } from './operator/quotas.ts';
import { routeConflictService, type RouteConflictService } from './vpc/route-conflicts.ts';
import { decideAsTasks } from './decide-as-tasks.ts';
import { systemStatusService, type SystemStatusService } from './operator/system-status.ts';
import { taskService, type TaskService } from './operator/tasks.ts';
import { timelineService, type TimelineService } from './operator/timelines.ts';
import { tunnelHealthService, type TunnelHealthService } from './operator/tunnel-health.ts';
import { tunnelHistoryService, type TunnelHistoryService } from './operator/tunnel-history.ts';
import { tunnelSasService, type TunnelSasService } from './operator/tunnel-sas.ts';
import { temporaryCredentialsService, type TemporaryCredentialsService } from './operator/temporary-credentials.ts';
import { vpcRouteService, type VpcRouteService } from './vpc/vpc-routes.ts';
import { vpcService, type VpcService } from './vpc/vpcs.ts';
import { vpnConnectionService, type VpnConnectionService } from './vpn/vpn-connections.ts';
import { vpnGatewayRouteService, type VpnGatewayRouteService } from './vpn/vpn-gateway-routes.ts';
import { vpnGatewayService, type VpnGatewayService } from './vpn/vpn-gateways.ts';

/** The use cases, one group for each resource. They throw Refusal; anything else they throw is a bug or a broken store. */
export interface Services {
  readonly vpcs: VpcService;
  readonly secondaryRanges: SecondaryRangeService;
  readonly routeConflicts: RouteConflictService;
  readonly quotas: QuotaService;
  readonly subnets: SubnetService;
  readonly subnetInterfaces: SubnetInterfaceService;
  readonly routeTables: RouteTableService;
  readonly vpcRoutes: VpcRouteService;
  readonly vpnGateways: VpnGatewayService;
  readonly customerGateways: CustomerGatewayService;
  readonly vpnConnections: VpnConnectionService;
  readonly peerModels: PeerModelService;
  readonly vpnGatewayRoutes: VpnGatewayRouteService;
  readonly ccns: CcnService;
  readonly ccnAttachments: CcnAttachmentService;
  readonly ccnAttachmentRequests: CcnAttachmentRequestService;
  readonly ccnRoutes: CcnRouteService;
  readonly ccnRanges: CcnRangeService;
  readonly ccnRouteTables: CcnRouteTableService;
  readonly ccnRoutePolicies: CcnRoutePolicyService;
  readonly ccnSelectionPolicies: CcnSelectionPolicyService;
  readonly ccnBandwidthLimits: CcnBandwidthLimitService;
  readonly directConnectGateways: DirectConnectGatewayService;
  readonly directConnectRanges: DirectConnectRangeService;
  readonly directConnectLines: DirectConnectLineService;
  readonly plans: PlanService;
  readonly tasks: TaskService;
  readonly access: AccessService;
  readonly previews: PreviewService;
  readonly accessKeys: AccessKeyService;
  readonly temporaryCredentials: TemporaryCredentialsService;
  readonly audit: AuditService;
  readonly systemStatus: SystemStatusService;
  readonly tunnelHealth: TunnelHealthService;
  readonly tunnelSas: TunnelSasService;
  readonly pathTraces: PathTraceService;
  readonly pathProofs: PathProofService;
  readonly failoverDrills: FailoverDrillService;
  readonly tunnelHistory: TunnelHistoryService;
  readonly timelines: TimelineService;
  readonly events: EventService;
  readonly foundResources: FoundResourceService;
  readonly findingMutes: FindingMuteService;
  readonly webhooks: WebhookService;
  readonly packetCaptures: PacketCaptureService;
  readonly peerProposals: PeerProposalService;
  readonly sourceChecks: SourceCheckService;
  readonly resourceTags: ResourceTagService;
}

export function createServices(given: ServiceDependencies): Services {
  const dependencies = { ...given, decide: decideAsTasks(given) };
  const pathTraces = pathTraceService(dependencies);
  return {
    vpcs: vpcService(dependencies),
    secondaryRanges: secondaryRangeService(dependencies),
    routeConflicts: routeConflictService(dependencies),
    quotas: quotaService(dependencies),
    subnets: subnetService(dependencies),
    subnetInterfaces: subnetInterfaceService(dependencies),
    routeTables: routeTableService(dependencies),
    vpcRoutes: vpcRouteService(dependencies),
    vpnGateways: vpnGatewayService(dependencies),
    customerGateways: customerGatewayService(dependencies),
    vpnConnections: vpnConnectionService(dependencies),
    peerModels: peerModelService(dependencies),
    vpnGatewayRoutes: vpnGatewayRouteService(dependencies),
    ccns: ccnService(dependencies),
    ccnAttachments: ccnAttachmentService(dependencies),
    ccnAttachmentRequests: ccnAttachmentRequestService(dependencies),
    ccnRoutes: ccnRouteService(dependencies),
    ccnRanges: ccnRangeService(dependencies),
    ccnRouteTables: ccnRouteTableService(dependencies),
    ccnRoutePolicies: ccnRoutePolicyService(dependencies),
    ccnSelectionPolicies: ccnSelectionPolicyService(dependencies),
    ccnBandwidthLimits: ccnBandwidthLimitService(dependencies),
    directConnectGateways: directConnectGatewayService(dependencies),
    directConnectRanges: directConnectRangeService(dependencies),
    directConnectLines: directConnectLineService(dependencies),
    plans: planService(dependencies),
    tasks: taskService(dependencies),
    access: accessService(dependencies),
    previews: previewService(dependencies),
    accessKeys: accessKeyService(dependencies),
    temporaryCredentials: temporaryCredentialsService(dependencies),
    audit: auditService(dependencies),
    systemStatus: systemStatusService(dependencies),
    tunnelHealth: tunnelHealthService(dependencies),
    tunnelSas: tunnelSasService(dependencies),
    pathTraces,
    pathProofs: pathProofService(dependencies, pathTraces),
    failoverDrills: failoverDrillService(dependencies, pathTraces),
    tunnelHistory: tunnelHistoryService(dependencies),
    timelines: timelineService(dependencies),
    events: eventService(dependencies),
    foundResources: foundResourceService(dependencies),
    findingMutes: findingMuteService(dependencies),
    webhooks: webhookService(dependencies),
    packetCaptures: packetCaptureService(dependencies),
    peerProposals: peerProposalService(dependencies),
    sourceChecks: sourceCheckService(dependencies),
    resourceTags: resourceTagService(dependencies),
  };
}

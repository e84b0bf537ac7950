import type { ActionDefinition, Words } from './action-definition.ts';
import { quotaActions } from './account/quotas.ts';
import { ccnAttachmentActions } from './ccn/ccn-attachments.ts';
import { ccnBandwidthLimitActions } from './ccn/ccn-bandwidth-limits.ts';
import { ccnRouteConflictActions } from './ccn/ccn-route-conflicts.ts';
import { ccnRoutePolicyActions } from './ccn/ccn-route-policies.ts';
import { ccnRouteTableActions } from './ccn/ccn-route-tables.ts';
import { ccnRouteActions } from './ccn/ccn-routes.ts';
import { ccnSelectionPolicyActions } from './ccn/ccn-selection-policies.ts';
import { ccnActions } from './ccn/ccns.ts';
import { directConnectGatewayActions } from './direct-connect/direct-connect-gateways.ts';
import { directConnectLineActions } from './direct-connect/direct-connect-lines.ts';
import { directConnectRangeActions } from './direct-connect/direct-connect-ranges.ts';
import { accessKeyActions } from './operator/access-keys.ts';
import { auditActions } from './operator/audit.ts';
import { findingMuteActions } from './operator/finding-mutes.ts';
import { webhookActions } from './operator/webhooks.ts';
import { monitorDataActions } from './monitor/monitor-data.ts';
import { foundResourceActions } from './operator/found-resources.ts';
import { eventActions } from './operator/events.ts';
import { pathTraceActions } from './operator/path-traces.ts';
import { failoverDrillActions } from './operator/failover-drills.ts';
import { pathProofActions } from './operator/path-proofs.ts';
import { peerProposalActions } from './operator/peer-proposals.ts';
import { packetCaptureActions } from './operator/packet-captures.ts';
import { peerComparisonActions } from './operator/peer-comparisons.ts';
import { planActions } from './operator/plans.ts';
import { previewActions } from './operator/previews.ts';
import { systemStatusActions } from './operator/system-status.ts';
import { timelineActions } from './operator/timelines.ts';
import { tunnelHealthActions } from './operator/tunnel-health.ts';
import { tunnelHistoryActions } from './operator/tunnel-history.ts';
import { tunnelSaActions } from './operator/tunnel-sas.ts';
import { serviceVersions, type ServiceName } from './service-versions.ts';
import { callerIdentityActions } from './sts/caller-identity.ts';
import { resourceTagActions } from './tag/resource-tags.ts';
import { routeConflictActions } from './vpc/route-conflicts.ts';
import { routeTableActions } from './vpc/route-tables.ts';
import { secondaryRangeActions } from './vpc/secondary-ranges.ts';
import { subnetInterfaceActions } from './vpc/subnet-interfaces.ts';
import { subnetActions } from './vpc/subnets.ts';
import { vpcRouteActions } from './vpc/vpc-routes.ts';
import { vpcActions } from './vpc/vpcs.ts';
import { customerGatewayActions } from './vpn/customer-gateways.ts';
import { peerConfigurationActions } from './vpn/peer-configurations.ts';
import { priceActions } from './vpn/prices.ts';
import { sourceCheckActions } from './vpn/source-checks.ts';
import { sslVpnActions } from './vpn/ssl-vpn.ts';
import { taskActions } from './vpn/tasks.ts';
import { vpnConnectionActions } from './vpn/vpn-connections.ts';
import { vpnGatewayCcnRouteActions } from './vpn/vpn-gateway-ccn-routes.ts';
import { vpnGatewayRouteActions } from './vpn/vpn-gateway-routes.ts';
import { vpnGatewayActions } from './vpn/vpn-gateways.ts';

/** A part of a service: the Actions of one page of the reference. */
export interface Area {
  readonly title: Words;
  readonly actions: Readonly<Record<string, ActionDefinition>>;
}

/** A service of API 3.0. A version and the name of an Action tell which is meant. */
export interface ServiceDefinition {
  readonly title: Words;
  /** docs/spec/protocol.md section 3. */
  readonly version: string;
  /** Action, version, region and timestamp must be under the signature; the vendor's SDKs sign none of them. */
  readonly signsTheWholeCall: boolean;
  readonly areas: Readonly<Record<string, Area>>;
}

/** Every service on the door, by the name that signatures give it. */
export const services = {
  vpc: {
    title: { en: 'Virtual Private Cloud', zh: '私有网络' },
    version: serviceVersions.vpc,
    signsTheWholeCall: false,
    areas: {
      vpc: {
        title: { en: 'VPCs, subnets and route tables', zh: '私有网络、子网与路由表' },
        actions: {
          ...vpcActions,
          ...secondaryRangeActions,
          ...subnetActions,
          ...routeTableActions,
          ...vpcRouteActions,
          ...routeConflictActions,
        },
      },
      account: { title: { en: 'What an account may have', zh: '账号与配额' }, actions: quotaActions },
      vpn: {
        title: { en: 'VPN connections', zh: 'VPN 连接' },
        actions: {
          ...vpnGatewayActions,
          ...customerGatewayActions,
          ...vpnConnectionActions,
          ...peerConfigurationActions,
          ...vpnGatewayRouteActions,
          ...vpnGatewayCcnRouteActions,
          ...taskActions,
          ...sslVpnActions,
          ...priceActions,
        },
      },
      ccn: {
        title: { en: 'Cloud Connect Networks', zh: '云联网' },
        actions: {
          ...ccnActions,
          ...ccnAttachmentActions,
          ...ccnRouteActions,
          ...ccnRouteTableActions,
          ...ccnRoutePolicyActions,
          ...ccnSelectionPolicyActions,
          ...ccnBandwidthLimitActions,
        },
      },
      'direct-connect': {
        title: { en: 'Direct Connect gateways', zh: '专线网关' },
        actions: { ...directConnectGatewayActions, ...directConnectRangeActions },
      },
    },
  },
  tag: {
    title: { en: 'Tags', zh: '标签' },
    version: serviceVersions.tag,
    signsTheWholeCall: false,
    areas: { tag: { title: { en: 'Tags of resources', zh: '资源标签' }, actions: resourceTagActions } },
  },
  sts: {
    title: { en: 'Security Token Service', zh: '安全凭证服务' },
    version: serviceVersions.sts,
    signsTheWholeCall: false,
    areas: { sts: { title: { en: 'Who calls', zh: '调用者身份' }, actions: callerIdentityActions } },
  },
  monitor: {
    title: { en: 'Cloud Monitor', zh: '云监控' },
    version: serviceVersions.monitor,
    signsTheWholeCall: false,
    areas: {
      monitor: { title: { en: 'Numbers of gateways and tunnels', zh: '网关与通道指标' }, actions: monitorDataActions },
    },
  },
  landbridge: {
    title: { en: 'Operating Landbridge', zh: 'Landbridge 运维' },
    version: serviceVersions.landbridge,
    signsTheWholeCall: true,
    areas: {
      vpc: { title: { en: 'Host interfaces in subnets', zh: '子网中的主机网卡' }, actions: subnetInterfaceActions },
      vpn: { title: { en: 'Who may speak through tunnels', zh: '通道来源检查' }, actions: sourceCheckActions },
      ccn: { title: { en: 'Routes of CCNs that collide', zh: '云联网路由冲突' }, actions: ccnRouteConflictActions },
      'direct-connect': {
        title: { en: 'Lines of Direct Connect gateways', zh: '专线网关的线路' },
        actions: directConnectLineActions,
      },
      peers: { title: { en: 'Devices at the other end', zh: '对端设备' }, actions: peerComparisonActions },
      operator: {
        title: { en: 'State of the service', zh: '服务状态' },
        actions: {
          ...systemStatusActions,
          ...tunnelHealthActions,
          ...tunnelSaActions,
          ...peerProposalActions,
          ...pathTraceActions,
          ...pathProofActions,
          ...failoverDrillActions,
          ...tunnelHistoryActions,
          ...timelineActions,
          ...eventActions,
          ...foundResourceActions,
          ...planActions,
          ...previewActions,
        },
      },
      captures: { title: { en: 'Packet captures', zh: '抓包' }, actions: packetCaptureActions },
      access: {
        title: { en: 'Access and audit', zh: '访问与审计' },
        actions: { ...accessKeyActions, ...auditActions },
      },
      notifications: {
        title: { en: 'Who is told what happens', zh: '事件通知' },
        actions: { ...webhookActions, ...findingMuteActions },
      },
    },
  },
} as const satisfies Readonly<Record<ServiceName, ServiceDefinition>>;

type AreasOf<Name extends ServiceName> = (typeof services)[Name]['areas'];
type ActionsOfArea<A> = A extends { readonly actions: infer Actions } ? Actions : never;
type AllOf<Union> = (Union extends unknown ? (each: Union) => void : never) extends (all: infer All) => void
  ? All
  : never;

/** Every Action's definition by its name. */
export type Actions = AllOf<{ [Name in ServiceName]: ActionsOfArea<AreasOf<Name>[keyof AreasOf<Name>]> }[ServiceName]>;
export type ActionName = keyof Actions;

export interface CataloguedAction {
  readonly name: string;
  readonly service: ServiceName;
  readonly area: string;
  readonly definition: ActionDefinition;
}

/** All Actions of all services, in the order of the reference. */
export const allActions: readonly CataloguedAction[] = Object.entries<ServiceDefinition>(services).flatMap(
  ([service, { areas }]) =>
    Object.entries(areas).flatMap(([area, { actions }]) =>
      Object.entries(actions).map(([name, definition]) => {
        return { name, service: service as ServiceName, area, definition };
      }),
    ),
);

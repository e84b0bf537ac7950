import type { Cidr, IpAddress } from '@landbridge/net';
import type { Generated } from 'kysely';
import type { FindingCode } from '../../domain/diagnosis/finding-codes.ts';
import type { EventKind } from '../../domain/operator/event.ts';
import type { WebhookId } from '../../domain/operator/webhook.ts';
import type { Ccn, CcnInstance } from '../../domain/ccn/ccn.ts';
import type { CcnRoutePolicyList } from '../../domain/ccn/ccn-route-policy.ts';
import type { DirectConnectLine } from '../../domain/direct-connect/direct-connect-line.ts';
import type { DirectConnectGateway } from '../../domain/direct-connect/direct-connect-gateway.ts';
import type {
  CcnId,
  CcnRouteTableId,
  CustomerGatewayId,
  DirectConnectGatewayId,
  DirectConnectRangeId,
  RouteItemId,
  RouteTableId,
  SubnetId,
  VpcId,
  VpnConnectionId,
  VpnGatewayId,
  VpnGatewayRouteId,
} from '../../domain/resource-id.ts';
import type { VpcNextHop } from '../../domain/vpc/route-table.ts';
import type { RouteType, VpnConnection } from '../../domain/vpn/vpn-connection.ts';
import type { VpnGateway, VpnGatewayKind } from '../../domain/vpn/vpn-gateway.ts';
import type { GatewayNextHop } from '../../domain/vpn/vpn-gateway-route.ts';

/**
 * Columns as Kysely sees them (camel case here, snake case in SQL). Truth values are 0 or 1, times are milliseconds
 * since the epoch, `json` columns are text: the same on every engine.
 */
export interface Columns {
  accounts: { id: string; name: string; isAdministrator: Flag; createdAt: number };
  accessKeys: {
    secretId: string;
    accountId: string;
    sealedSecretKey: string;
    policyJson: string | null;
    callsPerSecond: number | null;
    expiresAt: number | null;
    createdAt: number;
  };
  clientTokens: { keyId: string; token: string; callDigest: string; sealedAnswer: string; createdAt: number };
  findingMutes: {
    vpnConnectionId: VpnConnectionId;
    code: FindingCode;
    accountId: string;
    reason: string;
    mutedBy: string;
    until: number | null;
    createdAt: number;
  };
  webhooks: { id: WebhookId; accountId: string; url: string; sealedSecret: string; createdAt: number };
  /** How far the events of its account were told to a webhook. */
  webhookDeliveries: { webhookId: WebhookId; toldUpTo: number };
  counters: { name: string; value: number };
  /** What the database remembers about itself. */
  facts: { name: string; value: string };
  vpcs: OwnedColumns & {
    id: VpcId;
    name: string;
    cidr: Cidr;
    secondaryRangesJson: string;
    isDefault: Flag;
    enableMulticast: Flag;
    dnsServersJson: string;
    domainName: string;
    publishVpcCidr: Flag;
    publishVpcCidrIpv6: Flag;
    tagsJson: string;
  };
  routeTables: OwnedColumns & { id: RouteTableId; vpcId: VpcId; name: string; isMain: Flag; tagsJson: string };
  vpcRoutes: OwnedColumns & {
    id: RouteItemId;
    routeId: number;
    routeTableId: RouteTableId;
    vpcId: VpcId;
    destination: Cidr;
    nextHopKind: VpcNextHop['kind'];
    nextHopId: VpcNextHop['id'];
    description: string;
    enabled: Flag;
  };
  subnets: OwnedColumns & {
    id: SubnetId;
    vpcId: VpcId;
    name: string;
    cidr: Cidr;
    zone: string;
    routeTableId: RouteTableId;
    enableBroadcast: Flag;
    tagsJson: string;
  };
  subnetInterfaces: {
    accountId: string;
    subnetId: SubnetId;
    vpcId: VpcId;
    interfaceName: string;
    /** 0 stands for the untagged interface, so that the unique index holds for it too. */
    vlanId: number;
    createdAt: number;
  };
  vpnGateways: OwnedColumns & {
    id: VpnGatewayId;
    name: string;
    kind: VpnGatewayKind;
    vpcId: VpcId | null;
    bandwidthMbps: number;
    publicAddress: IpAddress;
    zone: string;
    prepaid: Flag;
    checksSources: Flag;
    renewFlag: VpnGateway['renewFlag'];
    bgpAsn: number | null;
    maxConnections: number | null;
    tagsJson: string;
  };
  customerGateways: OwnedColumns & {
    id: CustomerGatewayId;
    name: string;
    address: IpAddress;
    bgpAsn: number | null;
    tagsJson: string;
  };
  vpnConnections: OwnedColumns & {
    id: VpnConnectionId;
    name: string;
    vpnGatewayId: VpnGatewayId;
    customerGatewayId: CustomerGatewayId;
    vpcId: VpcId | null;
    ifId: number;
    routeType: RouteType;
    mode: VpnConnection['mode'];
    policiesJson: string;
    writtenPoliciesJson: string | null;
    negotiation: VpnConnection['negotiation'];
    ikeJson: string;
    espJson: string;
    dpdJson: string;
    healthCheckJson: string;
    epoch: number;
    generation: number;
    tagsJson: string;
  };
  preSharedKeys: { vpnConnectionId: VpnConnectionId; sealedKey: string };
  vpnGatewayRoutes: OwnedColumns & {
    id: VpnGatewayRouteId;
    vpnGatewayId: VpnGatewayId;
    destination: Cidr;
    nextHopKind: GatewayNextHop['kind'];
    nextHopId: GatewayNextHop['id'];
    priority: 0 | 100;
    enabled: Flag;
    description: string;
    updatedAt: number;
  };
  tasks: {
    requestId: string;
    accountId: string;
    vpnGatewayId: VpnGatewayId | null;
    vpnConnectionId: VpnConnectionId | null;
    generation: number;
    createdAt: number;
  };
  auditEvents: {
    id: Generated<number>;
    accountId: string;
    isRefused: Flag;
    at: number;
    secretId: string;
    service: string;
    action: string;
    region: string;
    remoteAddress: string;
    requestId: string;
    resourcesJson: string;
    code: string;
    count: number;
    changesJson: string;
    isCut: Flag;
  };
  /** How far events of a series were kept, which count up. */
  eventSeries: { id: Generated<number>; series: string; keptUpTo: number };
  events: {
    id: Generated<number>;
    accountId: string;
    resourceId: string;
    vpnGatewayId: VpnGatewayId;
    kind: EventKind;
    message: string;
    at: number;
    finding: FindingCode | null;
  };
  ccns: OwnedColumns & {
    id: CcnId;
    name: string;
    description: string;
    qosLevel: Ccn['qosLevel'];
    prepaid: Flag;
    metering: Ccn['metering'];
    bandwidthLimit: Ccn['bandwidthLimit'];
    routeEcmp: Flag;
    routeOverlap: Flag;
    tagsJson: string;
  };
  ccnAttachments: OwnedColumns & {
    instanceId: CcnInstance['id'];
    ccnId: CcnId;
    instanceKind: CcnInstance['kind'];
    description: string;
    routeTableId: CcnRouteTableId;
    boundAt: number;
    number: number;
    generation: number;
  };
  ccnAttachmentRequests: OwnedColumns & {
    instanceId: CcnInstance['id'];
    instanceKind: CcnInstance['kind'];
    ccnId: CcnId;
    description: string;
    isRejected: Flag;
  };
  ccnRouteTables: OwnedColumns & {
    id: CcnRouteTableId;
    ccnId: CcnId;
    name: string;
    description: string;
    isDefault: Flag;
  };
  ccnRoutePolicyLists: {
    routeTableId: CcnRouteTableId;
    direction: CcnRoutePolicyList['direction'];
    version: number;
    policiesJson: string;
    createdAt: number;
  };
  ccnSelectionPolicies: {
    instanceId: CcnInstance['id'];
    instanceKind: CcnInstance['kind'];
    ccnId: CcnId;
    source: Cidr;
    routeTableId: CcnRouteTableId;
    description: string;
    position: number;
  };
  ccnRouteChoices: {
    routeTableId: CcnRouteTableId;
    instanceId: CcnInstance['id'];
    destination: Cidr;
    enabled: Flag;
    updatedAt: number;
  };
  ccnRangeChoices: { vpnGatewayId: VpnGatewayId; destination: Cidr; enabled: Flag; updatedAt: number };
  ccnBandwidthLimits: {
    ccnId: CcnId;
    region: string;
    /** Empty when the limit is that of one region: primary keys hold no null. */
    peerRegion: string;
    limitMbps: number;
    createdAt: number;
  };
  directConnectGateways: OwnedColumns & {
    id: DirectConnectGatewayId;
    name: string;
    network: DirectConnectGateway['network'];
    vpcId: VpcId | null;
    modeType: DirectConnectGateway['modeType'];
    asn: number | null;
    tagsJson: string;
  };
  directConnectRanges: OwnedColumns & {
    id: DirectConnectRangeId;
    directConnectGatewayId: DirectConnectGatewayId;
    destination: Cidr;
    description: string;
    updatedAt: number;
  };
  /** Of an interface, or of a VXLAN: what belongs to the other kind is null. */
  directConnectLines: {
    directConnectGatewayId: DirectConnectGatewayId;
    kind: DirectConnectLine['kind'];
    accountId: string;
    interfaceName: string | null;
    /** 0 stands for the untagged interface, so that the unique index holds for it too. */
    vlanId: number | null;
    vni: number | null;
    remoteAddress: IpAddress | null;
    underlayAddress: IpAddress | null;
    port: number | null;
    underlayMtu: number | null;
    localAddress: string;
    peerAddress: IpAddress;
    createdAt: number;
  };
  /** One row: how many commits changed a row. */
  generation: { value: number };
  /** What the newest commits changed: keys by table, as JSON. */
  journal: { generation: number; keysJson: string };
  schemaMigrations: { version: number; name: string; appliedAt: number };
}

export type Flag = 0 | 1;

interface OwnedColumns {
  accountId: string;
  region: string;
  createdAt: number;
}

export function flag(value: boolean): Flag {
  return value ? 1 : 0;
}

import type { Words } from '../refusal.ts';
import type { Quotas } from './quotas.ts';

/** How a message tells of a quota: the parameter that asks for one more, and what there are too many of. */
interface QuotaWords {
  readonly field: string;
  readonly things: Words;
}

const regional = { en: 'in this region', zh: '当前地域的' };
const ofAccount = { en: 'in all regions', zh: '所有地域的' };
const per = (field: string, en: string, zh: string): QuotaWords => ({ field, things: { en, zh } });
const within = (where: Words, field: string, en: string, zh: string) =>
  per(field, `${en} ${where.en}`, `${where.zh}${zh}`);

export const quotaWords: Readonly<Record<keyof Quotas, QuotaWords>> = {
  vpcs: within(regional, 'VpcName', 'VPCs', '私有网络'),
  vpcsPerAccount: within(ofAccount, 'VpcName', 'VPCs', '私有网络'),
  secondaryRangesPerVpc: per('CidrBlocks', 'secondary ranges', '辅助网段'),
  subnetsPerVpc: per('SubnetName', 'subnets', '子网'),
  routeTablesPerVpc: per('RouteTableName', 'route tables', '路由表'),
  routesPerRouteTable: per('Routes', 'routes', '路由'),
  vpcVpnGateways: within(regional, 'VpnGatewayName', 'VPN gateways of VPCs', '私有网络型 VPN 网关'),
  ccnVpnGateways: within(regional, 'VpnGatewayName', 'VPN gateways of type CCN', '云联网型 VPN 网关'),
  vpnGatewaysPerAccount: within(ofAccount, 'VpnGatewayName', 'VPN gateways', 'VPN 网关'),
  customerGateways: within(regional, 'CustomerGatewayName', 'customer gateways', '对端网关'),
  customerGatewaysPerAccount: within(ofAccount, 'CustomerGatewayName', 'customer gateways', '对端网关'),
  vpnConnectionsPerVpnGateway: per('VpnGatewayId', 'tunnels', '通道'),
  vpnConnectionsPerCustomerGateway: per('CustomerGatewayId', 'tunnels', '通道'),
  vpnConnectionsPerPair: per('CustomerGatewayId', 'tunnels', '通道'),
  policiesPerVpnConnection: per('SecurityPolicyDatabases', 'policies', '策略'),
  remotesPerPolicy: per('SecurityPolicyDatabases', 'remote ranges in one policy', '同一策略中的对端网段'),
  mappingsPerVpnGateway: per('SecurityPolicyDatabases', 'pairs of a local and a remote range', '本端与对端网段对'),
  routesPerVpnGateway: per('Routes', 'routes', '路由'),
  ccns: within(ofAccount, 'CcnName', 'CCNs', '云联网'),
  instancesPerCcn: per('CcnId', 'attached instances', '关联实例'),
  routeTablesPerCcn: per('RouteTable', 'route tables', '路由表'),
  policiesPerCcnRouteTable: per('Policys', 'policies of a kind', '同类策略'),
  valuesPerCcnRouteCondition: per('Policys', 'values of a condition', '条件的取值'),
  selectionPoliciesPerCcn: per('SelectionPolicies', 'selection policies', '路由选择策略'),
  directConnectGateways: within(regional, 'DirectConnectGatewayName', 'Direct Connect gateways', '专线网关'),
  directConnectGatewaysPerAccount: within(ofAccount, 'DirectConnectGatewayName', 'Direct Connect gateways', '专线网关'),
  rangesPerDirectConnectGateway: per('Routes', 'ranges', 'IDC 网段'),
  bandwidthLimitsPerCcn: per('CcnRegionBandwidthLimits', 'bandwidth limits', '带宽限速'),
};

/** An account as the owner of what there are too many of. */
export const thisAccount: Words = { en: 'this account', zh: '当前账号' };

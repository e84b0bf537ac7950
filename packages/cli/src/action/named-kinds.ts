import { isIdPrefix, type IdPrefix } from '@landbridge/catalogue/schema/request-schemas';
import type { ActionName } from '@landbridge/catalogue/services';

/** How objects of a kind are found by their name. */
export interface NamedKind {
  /** For people, in the plural. */
  readonly noun: string;
  readonly action: ActionName;
  /** Of the Action: it may let through more than the very name. */
  readonly filter: string;
  readonly set: string;
  readonly id: string;
  readonly name: string;
  /** The filter that tells objects of one name apart by what they belong to, and the kind of that. */
  readonly within?: { readonly filter: string; readonly kind: IdPrefix };
}

/** By the prefix of their ids. Kinds that are not here have no names. */
export const namedKinds: Readonly<Partial<Record<IdPrefix, NamedKind>>> = {
  vpc: {
    ...{ noun: 'VPCs', action: 'DescribeVpcs', filter: 'vpc-name' },
    ...{ set: 'VpcSet', id: 'VpcId', name: 'VpcName' },
  },
  subnet: {
    ...{ noun: 'subnets', action: 'DescribeSubnets', filter: 'subnet-name' },
    ...{ set: 'SubnetSet', id: 'SubnetId', name: 'SubnetName' },
    within: { filter: 'vpc-id', kind: 'vpc' },
  },
  rtb: {
    ...{ noun: 'route tables', action: 'DescribeRouteTables', filter: 'route-table-name' },
    ...{ set: 'RouteTableSet', id: 'RouteTableId', name: 'RouteTableName' },
    within: { filter: 'vpc-id', kind: 'vpc' },
  },
  vpngw: {
    ...{ noun: 'VPN gateways', action: 'DescribeVpnGateways', filter: 'vpn-gateway-name' },
    ...{ set: 'VpnGatewaySet', id: 'VpnGatewayId', name: 'VpnGatewayName' },
  },
  cgw: {
    ...{ noun: 'customer gateways', action: 'DescribeCustomerGateways', filter: 'customer-gateway-name' },
    ...{ set: 'CustomerGatewaySet', id: 'CustomerGatewayId', name: 'CustomerGatewayName' },
  },
  vpnx: {
    ...{ noun: 'tunnels', action: 'DescribeVpnConnections', filter: 'vpn-connection-name' },
    ...{ set: 'VpnConnectionSet', id: 'VpnConnectionId', name: 'VpnConnectionName' },
    within: { filter: 'vpn-gateway-id', kind: 'vpngw' },
  },
  ccn: {
    ...{ noun: 'CCNs', action: 'DescribeCcns', filter: 'ccn-name' },
    ...{ set: 'CcnSet', id: 'CcnId', name: 'CcnName' },
  },
  ccnrtb: {
    ...{ noun: 'route tables of CCNs', action: 'DescribeCcnRouteTables', filter: 'route-table-name' },
    ...{ set: 'CcnRouteTableSet', id: 'CcnRouteTableId', name: 'RouteTableName' },
    within: { filter: 'ccn-id', kind: 'ccn' },
  },
  dcg: {
    ...{
      noun: 'Direct Connect gateways',
      action: 'DescribeDirectConnectGateways',
      filter: 'direct-connect-gateway-name',
    },
    ...{ set: 'DirectConnectGatewaySet', id: 'DirectConnectGatewayId', name: 'DirectConnectGatewayName' },
  },
};

/** Ids as the service makes them. What only looks so (`to-shanghai`) has another beginning. */
export function looksLikeId(text: string): boolean {
  const [prefix = ''] = text.split('-');
  return isIdPrefix(prefix) && /^[a-z]+-[0-9a-z]{8}$/.test(text);
}

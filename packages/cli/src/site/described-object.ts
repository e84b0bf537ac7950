import type { JsonObject } from '@landbridge/client';
import type { Call } from '../list-all.ts';
import type { Kind } from './site-object.ts';

/** Which list has objects of a kind that have an id, and by which filter one is found. */
const lists: Partial<Record<Kind, readonly [action: string, set: string, filter: string]>> = {
  vpc: ['DescribeVpcs', 'VpcSet', 'vpc-id'],
  routeTable: ['DescribeRouteTables', 'RouteTableSet', 'route-table-id'],
  subnet: ['DescribeSubnets', 'SubnetSet', 'subnet-id'],
  customerGateway: ['DescribeCustomerGateways', 'CustomerGatewaySet', 'customer-gateway-id'],
  vpnGateway: ['DescribeVpnGateways', 'VpnGatewaySet', 'vpn-gateway-id'],
  tunnel: ['DescribeVpnConnections', 'VpnConnectionSet', 'vpn-connection-id'],
  directConnectGateway: ['DescribeDirectConnectGateways', 'DirectConnectGatewaySet', 'direct-connect-gateway-id'],
  ccn: ['DescribeCcns', 'CcnSet', 'ccn-id'],
  ccnRouteTable: ['DescribeCcnRouteTables', 'CcnRouteTableSet', 'route-table-id'],
};

/** As the service shows it; undefined: it is not there. */
export async function describedObject(call: Call, kind: Kind, id: string): Promise<JsonObject | undefined> {
  const list = lists[kind];
  if (list === undefined) throw new Error(`objects of kind ${kind} have no id of their own`);
  const [action, set, filter] = list;
  const reply = await call(action, { Filters: [{ Name: filter, Values: [id] }] });
  return (reply[set] as JsonObject[])[0];
}

import type { ResourcePrefix } from '../domain/resource-id.ts';
import type { TableName } from '../image/tables.ts';

/** Where the resources are whose ids begin so. Routes of CCNs and ranges that gateways announce are no rows: they follow from others. */
export const tablesByPrefix = {
  vpc: 'vpcs',
  subnet: 'subnets',
  rtb: 'routeTables',
  rti: 'vpcRoutes',
  vpngw: 'vpnGateways',
  cgw: 'customerGateways',
  vpnx: 'vpnConnections',
  vpnr: 'vpnGatewayRoutes',
  ccn: 'ccns',
  ccnrtb: 'ccnRouteTables',
  dcg: 'directConnectGateways',
  dcr: 'directConnectRanges',
  hook: 'webhooks',
} as const satisfies Partial<Record<ResourcePrefix, TableName>>;

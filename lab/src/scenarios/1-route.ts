import { connectIdc, type IdcConnection } from '../idc-connection.ts';
import type { BuiltScenario, Scenario } from '../scenario.ts';
import { createVpc1, type Vpc1 } from '../vpc-1.ts';
import type { Tenant } from '../tenant.ts';

export interface OneRoute extends BuiltScenario {
  readonly vpc1: Vpc1;
  readonly tunnel: IdcConnection;
  readonly gatewayRouteId: string;
  readonly vpcRouteItemId: string;
}

/** Scenario 1, destination routing: PREP-VPC; GW; CGW(1); TUN-ROUTE(1); GWROUTE; VPCROUTE. */
export const oneRoute: Scenario<OneRoute> = {
  name: '1-route',
  title: 'one VPC and one IDC, destination routing',
  expected: {
    'VPC-1 A': { 'VPC-1 B': 'yes', 'IDC-1': 'yes' },
    'VPC-1 B': { 'VPC-1 A': 'yes', 'IDC-1': 'yes' },
    'IDC-1': { 'VPC-1 A': 'yes', 'VPC-1 B': 'yes' },
  },

  build: (tenant) => buildOneRoute(tenant),
};

export interface OneRouteOptions {
  readonly bandwidthMbps?: number;
  /** The other end encrypts in the kernel. */
  readonly kernelPeer?: boolean;
}

/** With another bandwidth of the gateway, or another peer, than usual. */
export async function buildOneRoute(tenant: Tenant, options: OneRouteOptions = {}): Promise<OneRoute> {
  const { cloud, lab, progress } = tenant;
  const { kernelPeer = false } = options;
  const idcOptions = kernelPeer ? { esp: 'kernel' as const } : {};
  progress('IDC-1, VPC-1 with subnets A and B, a VPN gateway');
  const [idc, vpc1] = await Promise.all([lab.createIdc(1, idcOptions), createVpc1(tenant, options)]);
  const { vpcId, gateway, routeTableId } = vpc1;
  progress(`tunnel from ${gateway.gatewayId} (${gateway.publicAddress}) to IDC-1 (${idc.publicAddress})`);
  const tunnel = await connectIdc(tenant, {
    ...{ gateway, vpcId, idc, cloudRanges: ['10.0.0.0/16'] },
    ...(kernelPeer ? { peer: { ifId: 1, plainEsp: true } } : {}),
  });
  const gatewayRouteId = await cloud.createGatewayRoute(gateway.gatewayId, idc.lan, tunnel.connectionId);
  const vpcRouteItemId = await cloud.createVpcRoute(routeTableId, idc.lan, gateway.gatewayId);
  await cloud.waitUntilConnected(tunnel.connectionId);
  progress(`${tunnel.connectionId} is connected`);
  return { vpc1, tunnel, gatewayRouteId, vpcRouteItemId, hosts: [vpc1.hostA, vpc1.hostB, idc.host] };
}

import { connectIdc, type IdcConnection } from '../idc-connection.ts';
import type { BuiltScenario, Scenario } from '../scenario.ts';
import { createVpc1, type Vpc1 } from '../vpc-1.ts';

export interface OneSpd extends BuiltScenario {
  readonly vpc1: Vpc1;
  readonly tunnel: IdcConnection;
  readonly vpcRouteItemId: string;
}

/** Scenario 1, SPD: TUN-SPD(1, 10.0.1.0/24, [192.168.1.0/24]); no gateway route; VPCROUTE. Subnet B stays outside. */
export const oneSpd: Scenario<OneSpd> = {
  name: '1-spd',
  title: 'one VPC and one IDC, an SPD policy for subnet A only',
  expected: {
    'VPC-1 A': { 'VPC-1 B': 'yes', 'IDC-1': 'yes' },
    'VPC-1 B': { 'VPC-1 A': 'yes', 'IDC-1': 'no' },
    'IDC-1': { 'VPC-1 A': 'yes', 'VPC-1 B': 'no' },
  },

  async build(tenant) {
    const { cloud, lab, progress } = tenant;
    progress('IDC-1, VPC-1 with subnets A and B, a VPN gateway');
    const [idc, vpc1] = await Promise.all([lab.createIdc(1), createVpc1(tenant)]);
    const { vpcId, gateway, routeTableId } = vpc1;
    progress(`SPD tunnel 10.0.1.0/24 – ${idc.lan} from ${gateway.gatewayId} to IDC-1`);
    const policies = { '10.0.1.0/24': [idc.lan] };
    const tunnel = await connectIdc(tenant, { gateway, vpcId, idc, policies, cloudRanges: ['10.0.0.0/16'] });
    const vpcRouteItemId = await cloud.createVpcRoute(routeTableId, idc.lan, gateway.gatewayId);
    await cloud.waitUntilConnected(tunnel.connectionId);
    progress(`${tunnel.connectionId} is connected`);
    return { vpc1, tunnel, vpcRouteItemId, hosts: [vpc1.hostA, vpc1.hostB, idc.host] };
  },
};

import type { CreatedGateway } from './cloud.ts';
import type { Host } from './host.ts';
import type { World } from './world.ts';

/** VPC-1 of spec/scenarios.md section 0 with its gateway. */
export interface Vpc1 {
  readonly vpcId: string;
  readonly routeTableId: string;
  readonly gateway: CreatedGateway;
  /** In subnet A, 10.0.1.0/24. */
  readonly hostA: Host;
  /** In subnet B, 10.0.2.0/24. */
  readonly hostB: Host;
}

export interface Vpc1Options {
  /** Tells two tenants apart: part of all names; at most 6 characters. */
  readonly label?: string;
  readonly bandwidthMbps?: number;
}

/** PREP-VPC and GW(IPSEC) of the scenarios: 10.0.0.0/16 with subnets A and B, a host in each, and a VPN gateway. */
export async function createVpc1(
  world: World,
  { label = 'vpc1', bandwidthMbps = 100 }: Vpc1Options = {},
): Promise<Vpc1> {
  const { cloud, lab } = world;
  const name = label.toUpperCase().replace(/(\d)$/, '-$1');
  const [hostA, hostB] = await Promise.all([
    lab.createVpcHost({ name: `${name} A`, label: `${label}-a`, subnetPrefix: '10.0.1' }),
    lab.createVpcHost({ name: `${name} B`, label: `${label}-b`, subnetPrefix: '10.0.2' }),
  ]);
  const { vpcId, routeTableId } = await cloud.createVpc(label, '10.0.0.0/16');
  await cloud.createSubnet(vpcId, 'A', '10.0.1.0/24', `${label}-a`);
  await cloud.createSubnet(vpcId, 'B', '10.0.2.0/24', `${label}-b`);
  const gateway = await cloud.createVpnGateway(vpcId, `${label}-gateway`, bandwidthMbps);
  return { vpcId, routeTableId, gateway, hostA, hostB };
}

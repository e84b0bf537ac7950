import type { CreatedGateway } from './cloud.ts';
import type { Host } from './host.ts';
import type { Tenant } from './tenant.ts';

/** VPC-1 of docs/spec/scenarios.md section 0 with its gateway. */
export interface Vpc1 {
  readonly vpcId: string;
  readonly routeTableId: string;
  readonly gateway: CreatedGateway;
  /** In subnet A, 10.0.1.0/24. */
  readonly hostA: Host;
  /** In subnet B, 10.0.2.0/24. */
  readonly hostB: Host;
}

/** PREP-VPC and GW(IPSEC) of the scenarios: 10.0.0.0/16 with subnets A and B, a host in each, and a VPN gateway. */
export async function createVpc1(
  { cloud, lab }: Tenant,
  { bandwidthMbps = 100 }: { readonly bandwidthMbps?: number } = {},
): Promise<Vpc1> {
  const [hostA, hostB] = await Promise.all([
    lab.createVpcHost({ name: 'VPC-1 A', label: 'vpc1-a', subnetPrefix: '10.0.1' }),
    lab.createVpcHost({ name: 'VPC-1 B', label: 'vpc1-b', subnetPrefix: '10.0.2' }),
  ]);
  const { vpcId, routeTableId } = await cloud.createVpc('vpc1', '10.0.0.0/16');
  await cloud.createSubnet(vpcId, 'A', '10.0.1.0/24', lab.cable('vpc1-a'));
  await cloud.createSubnet(vpcId, 'B', '10.0.2.0/24', lab.cable('vpc1-b'));
  const gateway = await cloud.createVpnGateway(vpcId, 'vpc1-gateway', bandwidthMbps);
  return { vpcId, routeTableId, gateway, hostA, hostB };
}

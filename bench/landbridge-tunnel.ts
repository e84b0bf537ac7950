import type { CreatedGateway } from '../lab/src/cloud.ts';
import { connectGateways, type GatewayEnd } from '../lab/src/connect-gateways.ts';
import type { Host } from '../lab/src/host.ts';
import { Namespace } from '../lab/src/namespace.ts';
import { waitForReply } from '../lab/src/reach.ts';
import type { World } from '../lab/src/world.ts';
import { setBenchMtu, type PathUnderTest } from './path-under-test.ts';

export interface LandbridgeTunnel {
  readonly path: PathUnderTest;
  readonly gateways: readonly [CreatedGateway, CreatedGateway];
}

interface Side extends GatewayEnd {
  readonly host: Host;
}

/** Two gateways of the same server in two VPCs, connected to each other: our data plane on both ends. */
export async function createLandbridgeTunnel(world: World): Promise<LandbridgeTunnel> {
  const [left, right] = [await createSide(world, 'left', '10.1'), await createSide(world, 'right', '10.2')];
  await connectGateways(world, left, right, 'passive');
  await connectGateways(world, right, left, 'active');
  await setBenchMtu(left.host, right.host);
  await waitForReply(left.host, right.host);
  const gateways = [left.gateway, right.gateway] as const;
  return { path: { name: 'landbridge', from: left.host, to: right.host }, gateways };
}

async function createSide(world: World, label: string, prefix: string): Promise<Side> {
  const { cloud, lab } = world;
  const host = await lab.createVpcHost({ name: `VPC ${label}`, label: `v-${label}`, subnetPrefix: `${prefix}.1` });
  const cidr = `${prefix}.0.0/16`;
  const { vpcId, routeTableId } = await cloud.createVpc(label, cidr);
  await cloud.createSubnet(vpcId, 'A', `${prefix}.1.0/24`, `v-${label}`);
  const gateway = await cloud.createVpnGateway(vpcId, label, 3000);
  await cloud.createVpcRoute(routeTableId, '10.0.0.0/8', gateway.gatewayId);
  return { vpcId, cidr, gateway, host };
}

/**
 * The biggest bandwidth on offer is 3 Gbit/s, less than the data plane moves: the limit is taken off by hand, while no
 * server runs that would put it back.
 */
export async function liftLimit({ gatewayId }: CreatedGateway): Promise<void> {
  await new Namespace(`lb-${gatewayId}`).runChecked(['tc', 'qdisc', 'delete', 'dev', 'wan', 'root']);
}

import type { GatewayEnd } from '../lab/src/connect-gateways.ts';
import type { Host } from '../lab/src/host.ts';
import type { World } from '../lab/src/world.ts';

/** A VPC with a gateway of the highest bandwidth and one host. */
export interface GatewaySide extends GatewayEnd {
  readonly host: Host;
}

/** @param prefix first two bytes of the VPC's range; all of 10.0.0.0/8, and what `rangeOf` numbers, is routed to the gateway. */
export async function createGatewaySide(world: World, label: string, prefix: string): Promise<GatewaySide> {
  const { cloud, lab } = world;
  const host = await lab.createVpcHost({ name: `VPC ${label}`, label: `v-${label}`, subnetPrefix: `${prefix}.1` });
  const cidr = `${prefix}.0.0/16`;
  const { vpcId, routeTableId } = await cloud.createVpc(label, cidr);
  await cloud.createSubnet(vpcId, 'A', `${prefix}.1.0/24`, `v-${label}`);
  const gateway = await cloud.createVpnGateway(vpcId, label, 3000);
  for (const range of ['10.0.0.0/8', '100.64.0.0/10']) {
    await cloud.createVpcRoute(routeTableId, range, gateway.gatewayId);
  }
  return { vpcId, cidr, gateway, host };
}

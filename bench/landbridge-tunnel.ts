import type { CreatedGateway } from '../lab/src/cloud.ts';
import { connectGateways } from '../lab/src/connect-gateways.ts';
import { Namespace } from '@landbridge/testbed/namespace';
import { waitForReply } from '../lab/src/reach.ts';
import type { World } from '../lab/src/world.ts';
import { createGatewaySide } from './gateway-side.ts';
import { setBenchMtu, type PathUnderTest } from './path-under-test.ts';

export interface LandbridgeTunnel {
  readonly path: PathUnderTest;
  readonly gateways: readonly [CreatedGateway, CreatedGateway];
}

/** Two gateways of the same server in two VPCs, connected to each other: our data plane on both ends. */
export async function createLandbridgeTunnel(world: World): Promise<LandbridgeTunnel> {
  const [left, right] = [
    await createGatewaySide(world, 'left', '10.1'),
    await createGatewaySide(world, 'right', '10.2'),
  ];
  await connectGateways(world, left, right, { negotiationType: 'passive' });
  await connectGateways(world, right, left);
  await setBenchMtu(left.host, right.host);
  await waitForReply(left.host, right.host);
  const gateways = [left.gateway, right.gateway] as const;
  return { path: { name: 'landbridge', from: left.host, to: right.host }, gateways };
}

/**
 * The biggest bandwidth on offer is 3 Gbit/s, less than the data plane moves: the limit is taken off by hand, while no
 * server runs that would put it back.
 */
export async function liftLimit({ gatewayId }: CreatedGateway): Promise<void> {
  await new Namespace(`lb-${gatewayId}`).runChecked(['tc', 'qdisc', 'delete', 'dev', 'wan', 'root']);
}

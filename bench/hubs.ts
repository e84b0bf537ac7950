import type { CreatedGateway } from '../lab/src/cloud.ts';
import { connectGateways, createCustomerGateway } from '../lab/src/connect-gateways.ts';
import { gatewayProcess } from '../lab/src/gateway-processes.ts';
import type { Host } from '../lab/src/host.ts';
import type { IdcDevice } from '../lab/src/idc-device.ts';
import type { PeerConnection } from '../lab/src/swanctl-configuration.ts';
import type { World } from '../lab/src/world.ts';
import { createGatewaySide, type GatewaySide } from './gateway-side.ts';
import { handMadeConnection } from './hand-made-connection.ts';
import { liftLimit } from './landbridge-tunnel.ts';

/** A gateway with many tunnels: packets go from one host behind it to one host behind each of the others. */
export interface Hub {
  readonly name: string;
  readonly from: Host;
  readonly to: readonly Host[];
  /** Of what works for the hub. */
  readonly pids: () => Promise<(number | undefined)[]>;
  /** Before packets are measured: the highest bandwidth on offer is less than the data plane moves. */
  readonly liftLimits: () => Promise<void>;
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

/** Our gateways on all ends. */
export async function createLandbridgeHub(world: World, tunnels: number): Promise<Hub> {
  const hub = await createGatewaySide(world, 'hub', '10.100');
  // All at once they would outlast the patience of those who wait for the last one.
  const spokes: GatewaySide[] = [];
  for (const n of numbers(tunnels)) spokes.push(await createGatewaySide(world, `s${n}`, `10.${n}`));
  const customerGatewayId = await createCustomerGateway(world.cloud, hub);
  const passive = { negotiationType: 'passive', customerGatewayId } as const;
  await Promise.all(spokes.map((spoke) => connectGateways(world, spoke, hub, passive)));
  await Promise.all(spokes.map((spoke) => connectGateways(world, hub, spoke)));
  return {
    name: 'landbridge',
    from: hub.host,
    to: spokes.map(({ host }) => host),
    pids: () => daemonsOf(hub.gateway),
    liftLimits: async () => {
      await Promise.all([hub, ...spokes].map(({ gateway }) => liftLimit(gateway)));
    },
  };
}

function daemonsOf({ gatewayId }: CreatedGateway): Promise<(number | undefined)[]> {
  return Promise.all((['charon', 'uxfrm'] as const).map((program) => gatewayProcess(gatewayId, program)));
}

/** strongSwan's own user-space ESP on all ends, configured by hand. */
export async function createLibipsecHub({ lab }: World, tunnels: number): Promise<Hub> {
  const hub = await lab.createIdc(100);
  const spokes = await Promise.all(numbers(tunnels).map((n) => lab.createIdc(n)));
  for (const spoke of spokes) {
    await spoke.charon.load([connection(spoke, hub)]);
    await spoke.routeIntoTunnel(hub.lan);
  }
  await hub.charon.load(spokes.map((spoke) => connection(hub, spoke)));
  await hub.routeIntoTunnel(...spokes.map(({ lan }) => lan));
  for (const spoke of spokes) {
    if (!(await spoke.charon.initiate(`lan-of-${hub.name}`))) throw new Error(`${spoke.name} does not reach the hub`);
  }
  return {
    name: 'kernel-libipsec',
    from: hub.host,
    to: spokes.map(({ host }) => host),
    pids: () => Promise.resolve([hub.charon.pid]),
    liftLimits: () => Promise.resolve(),
  };
}

function connection(local: IdcDevice, remote: IdcDevice): PeerConnection {
  const child = { name: `lan-of-${remote.name}`, localTs: local.lan, remoteTs: remote.lan };
  return handMadeConnection(local, remote, child);
}

import type { IdcDevice } from '../lab/src/idc-device.ts';
import { gatewayProcess } from '../lab/src/gateway-processes.ts';
import { World } from '../lab/src/world.ts';
import { measureFirstPings } from './first-ping.ts';
import { createLandbridgeTunnel, liftLimit, type LandbridgeTunnel } from './landbridge-tunnel.ts';
import { residentMib } from '../lab/src/resident-memory.ts';
import { serviceProcess } from '../lab/src/service-processes.ts';
import { benchMtu } from './path-under-test.ts';
import { createPlainVeth } from './plain-veth.ts';
import { connectSites } from './site-to-site.ts';
import { createUxfrmDevice } from './uxfrm-device.ts';
import { reportPart, type PartRequest, type Say } from './part-process.ts';
import { summarise, type Summary } from './statistics.ts';
import { measureRounds, type PathResult } from './throughput-rounds.ts';

// A program of its own, started by main.ts in the lab's host namespace: builds all paths, measures them in turn, reports.

export interface ThroughputResult {
  readonly dataPlane: string;
  readonly mtu: number;
  readonly notes: readonly string[];
  readonly paths: readonly PathResult[];
  /** Milliseconds from CreateVpnConnection to the first answered ping. */
  readonly firstPing: Summary;
  /** MiB at the end. */
  readonly residentMib: Readonly<Record<string, number | undefined>>;
}

async function measureThroughput(request: PartRequest, onProgress: Say): Promise<ThroughputResult> {
  const world = await World.start();
  const veth = await createPlainVeth();
  const [one, two] = [await world.lab.createIdc(1), await world.lab.createIdc(2)];
  const libipsec = await connectSites('kernel-libipsec', one, two);
  const uxfrm = await connectSites(
    'uxfrm',
    await createUxfrmDevice(world.lab, 4),
    await createUxfrmDevice(world.lab, 5),
  );
  const landbridge = await createLandbridgeTunnel(world);
  onProgress('all paths work: a plain cable, and kernel-libipsec, uxfrm and landbridge on both ends');
  await world.server.stop('SIGTERM');
  await Promise.all(landbridge.gateways.map(liftLimit));
  const paths = await measureRounds([veth, libipsec, uxfrm, landbridge.path], { ...request, onProgress });
  await world.server.startAgain();
  const times = await measureFirstPings(world, { ...request, onProgress });
  const memory = await readMemory(world, one, landbridge);
  const status = await world.cloud.call('DescribeSystemStatus', {}, 'landbridge');
  await Promise.all([veth.from, veth.to].map(({ namespace }) => namespace.delete()));
  await world.stop();
  return {
    dataPlane: String(status['DataPlane']),
    mtu: benchMtu,
    notes: [
      'All namespaces, both ends and iperf3 share the cores of one machine.',
      `End hosts have MTU ${benchMtu} on every path; tunnels AES-256-GCM; kernel-libipsec is strongSwan's own user-space ESP.`,
      'During the throughput rounds the Landbridge server is stopped (gateways go on without it) and the bandwidth limit of its gateways, at most 3 Gbit/s on offer, is taken off.',
    ],
    paths,
    firstPing: summarise(times),
    residentMib: memory,
  };
}

async function readMemory(
  world: World,
  { charon }: IdcDevice,
  { gateways }: LandbridgeTunnel,
): Promise<Record<string, number | undefined>> {
  const [{ gatewayId }] = gateways;
  return {
    'landbridge controller': await residentMib(await serviceProcess(world.server.pid, 'controller')),
    'landbridge agent': await residentMib(await serviceProcess(world.server.pid, 'agent')),
    'charon of a gateway': await residentMib(await gatewayProcess(gatewayId, 'charon')),
    uxfrm: await residentMib(await gatewayProcess(gatewayId, 'uxfrm')),
    'charon with kernel-libipsec': await residentMib(charon.pid),
  };
}

await reportPart(measureThroughput);

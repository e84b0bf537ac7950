import { World } from '../lab/src/world.ts';
import { createLandbridgeTunnel, liftLimit } from './landbridge-tunnel.ts';
import type { PathUnderTest } from './path-under-test.ts';
import { createPlainVeth } from './plain-veth.ts';
import { waitForReply } from '../lab/src/reach.ts';
import { reportPart, type PartRequest, type Say } from './part-process.ts';
import { summarise, type Summary } from './statistics.ts';
import { measureTcpCost } from './tcp-cost.ts';

// The kernel's own ESP beside uxfrm, on a kernel that has ESP. Where that is an emulated one, only the ratios mean something.

export interface KernelResult {
  readonly paths: readonly KernelPathResult[];
}

export interface KernelPathResult {
  readonly name: 'plain veth' | 'kernel' | 'uxfrm';
  /** Mbit/s of one TCP stream. */
  readonly tcp: Summary;
  /** Of the whole machine, both ends and iperf3 included. */
  readonly cpuSecondsPerGbit: Summary;
}

async function measureKernel(request: PartRequest, onProgress: Say): Promise<KernelResult> {
  const veth = await createPlainVeth();
  await waitForReply(veth.from, veth.to);
  const paths = [await measurePath('plain veth', veth, request, onProgress)];
  await Promise.all([veth.from, veth.to].map(({ namespace }) => namespace.delete()));
  for (const dataPlane of ['kernel', 'uxfrm'] as const) {
    const world = await World.start({ dataPlane });
    const { path, gateways } = await createLandbridgeTunnel(world);
    await world.server.stop('SIGTERM');
    await Promise.all(gateways.map(liftLimit));
    paths.push(await measurePath(dataPlane, path, request, onProgress));
    await world.server.startAgain();
    await world.stop();
  }
  return { paths };
}

async function measurePath(
  name: KernelPathResult['name'],
  { from, to }: PathUnderTest,
  { rounds, seconds }: PartRequest,
  onProgress: Say,
): Promise<KernelPathResult> {
  const tcp: number[] = [];
  const cpu: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    const { mbps, cpuSecondsPerGbit } = await measureTcpCost({ from, to, seconds });
    tcp.push(mbps);
    cpu.push(cpuSecondsPerGbit);
    onProgress(`round ${round}  ${name}: ${mbps.toFixed(1)} Mbit/s, ${cpuSecondsPerGbit.toFixed(1)} s of CPU a Gbit`);
  }
  return { name, tcp: summarise(tcp), cpuSecondsPerGbit: summarise(cpu) };
}

await reportPart(measureKernel);

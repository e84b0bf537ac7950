import { measureTcp, type ThroughputOptions } from '../lab/src/throughput.ts';
import { busyCpuSeconds } from './cpu-time.ts';

export interface TcpCost {
  readonly mbps: number;
  /** Of the whole machine, both ends and iperf3 included. */
  readonly cpuSecondsPerGbit: number;
}

/** TCP at full speed, and what it takes. */
export async function measureTcpCost(options: ThroughputOptions): Promise<TcpCost> {
  const busyBefore = await busyCpuSeconds();
  const mbps = await measureTcp(options);
  const busySeconds = (await busyCpuSeconds()) - busyBefore;
  return { mbps, cpuSecondsPerGbit: busySeconds / ((mbps * options.seconds) / 1000) };
}

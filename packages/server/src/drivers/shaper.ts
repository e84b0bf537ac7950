import type { LinkPlan } from '../plan/plan.ts';

/** The token bucket at the root of a device (tc-tbf(8)). */
export interface ActualShaper {
  readonly device: string;
  readonly rateBytesPerSecond: number;
}

/** A super-packet of segmentation offload is up to 64 KiB and must fit the bucket, or it is cut up or dropped. */
const leastBurstBytes = 128 * 1024;
/** The bucket holds this much time at full rate, so that timers of a busy host do not cost throughput. */
const burstSeconds = 0.004;
/** How long a packet may wait; longer queues make IKE's own packets late. */
const latencyMs = 50;

export function parseShapers(answer: readonly unknown[]): ActualShaper[] {
  return (answer as readonly TcQdisc[])
    .filter((qdisc) => qdisc.kind === 'tbf' && qdisc.root === true)
    .map((qdisc) => ({ device: qdisc.dev, rateBytesPerSecond: qdisc.options?.rate ?? 0 }));
}

interface TcQdisc {
  readonly kind: string;
  readonly dev: string;
  readonly root?: boolean;
  readonly options?: { readonly rate?: number };
}

/** Lines of a `tc -batch` for the devices a plan lists and that exist. */
export function diffShapers(
  wanted: readonly LinkPlan[],
  actual: readonly ActualShaper[],
  present: ReadonlySet<string>,
): string[] {
  const have = new Map(actual.map((shaper) => [shaper.device, shaper.rateBytesPerSecond]));
  return wanted
    .filter((link) => present.has(link.name))
    .flatMap((link) => {
      const now = have.get(link.name);
      if (link.egressLimitMbps === undefined) return now === undefined ? [] : [`qdisc delete dev ${link.name} root`];
      const rate = bytesPerSecond(link.egressLimitMbps);
      return now === rate ? [] : [`qdisc replace dev ${link.name} root ${describeShaper(link.egressLimitMbps)}`];
    });
}

function describeShaper(megabits: number): string {
  return `tbf rate ${megabits}mbit burst ${burstBytes(megabits)} latency ${latencyMs}ms`;
}

/** What may leave at once after a pause. */
export function burstBytes(megabits: number): number {
  return Math.max(leastBurstBytes, Math.round(bytesPerSecond(megabits) * burstSeconds));
}

/** What may wait, as tc-tbf(8) reckons it from the latency. */
export function queueBytes(megabits: number): number {
  return Math.round((bytesPerSecond(megabits) * latencyMs) / 1000) + burstBytes(megabits);
}

export function bytesPerSecond(megabits: number): number {
  return Math.round((megabits * 1_000_000) / 8);
}

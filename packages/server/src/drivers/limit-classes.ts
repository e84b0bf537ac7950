import type { LimitClassPlan, LinkPlan } from '../plan/plan.ts';
import { readTcText, type Kernel, type Netns } from './kernel.ts';
import { burstBytes, bytesPerSecond, queueBytes } from './shaper.ts';

/** An HTB qdisc at the root of a device and its classes (tc-htb(8)). */
export interface ActualLimits {
  readonly device: string;
  /** Class id → bytes a second. */
  readonly rates: ReadonlyMap<string, number>;
  /** Class id → bytes that its queue holds. */
  readonly queues: ReadonlyMap<string, number>;
}

/** @param qdiscs what `tc qdisc show` answered: devices without HTB cost no further look. */
export async function readLimits(
  kernel: Kernel,
  netns: Netns,
  qdiscs: readonly unknown[],
  signal?: AbortSignal,
): Promise<ActualLimits[]> {
  const limits: ActualLimits[] = [];
  for (const { dev, kind, root } of qdiscs as readonly TcQdisc[]) {
    if (kind !== 'htb' || root !== true) continue;
    const text = await readTcText(kernel, netns, ['class', 'show', 'dev', dev], signal);
    limits.push({ device: dev, rates: parseRates(text), queues: queuesOf(dev, qdiscs) });
  }
  return limits;
}

interface TcQdisc {
  readonly kind: string;
  readonly dev: string;
  readonly root?: boolean;
  readonly parent?: string;
  readonly options?: { readonly limit?: number };
}

const units: Readonly<Record<string, number>> = { bit: 1, Kbit: 1e3, Mbit: 1e6, Gbit: 1e9, Tbit: 1e12 };

/** iproute2 6.1 tells HTB classes in text only, and rates without rounding. */
export function parseRates(text: string): Map<string, number> {
  const lines = [...text.matchAll(/^class htb (\S+) .*\brate (\d+)(\w+) ceil/gm)];
  return new Map(
    lines.map(([, id = '', number, unit = '']) => [id, (Number(number) * (units[unit] ?? Number.NaN)) / 8]),
  );
}

function queuesOf(device: string, qdiscs: readonly unknown[]): Map<string, number> {
  const own = (qdiscs as readonly TcQdisc[]).filter(({ dev, kind }) => dev === device && kind === 'bfifo');
  return new Map(own.map(({ parent = '', options }) => [parent, options?.limit ?? 0]));
}

/** Lines of a `tc -batch` for the devices a plan lists and that exist. A changed limit is changed in place. */
export function diffLimits(
  wanted: readonly LinkPlan[],
  actual: readonly ActualLimits[],
  present: ReadonlySet<string>,
): string[] {
  return wanted.flatMap((link) => {
    if (link.kind !== 'ifb' || !present.has(link.name)) return [];
    const have = actual.find(({ device }) => device === link.name);
    const classIds = new Set(link.classes.map(({ classId }) => classId));
    return [
      // Packets of no class pass unlimited, a thousand at a time.
      ...(have === undefined ? [`qdisc replace dev ${link.name} root handle 1: htb default 0 direct_qlen 1000`] : []),
      ...link.classes.flatMap((limit) => diffClass(link.name, limit, have)),
      ...[...(have?.rates.keys() ?? [])]
        .filter((classId) => !classIds.has(classId))
        .map((classId) => `class delete dev ${link.name} classid ${classId}`),
    ];
  });
}

function diffClass(device: string, { classId, limitMbps }: LimitClassPlan, have: ActualLimits | undefined): string[] {
  const burst = burstBytes(limitMbps);
  const rate = `rate ${limitMbps}mbit burst ${burst} cburst ${burst} quantum ${quantumBytes}`;
  const queue = queueBytes(limitMbps);
  return [
    ...(have?.rates.get(classId) === bytesPerSecond(limitMbps)
      ? []
      : [`class replace dev ${device} parent 1: classid ${classId} htb ${rate}`]),
    ...(have?.queues.get(classId) === queue
      ? []
      : [`qdisc replace dev ${device} parent ${classId} bfifo limit ${queue}`]),
  ];
}

/** What a class sends in its turn: no less than a super-packet. The kernel's own choice grows with the rate, and warns. */
const quantumBytes = 65_536;

import type { LinkPlan } from '../plan/plan.ts';
import { readTcBatch, type Kernel, type Netns } from './kernel.ts';

/** A device that sends everything it shall send to another device first (tc-mirred(8)). */
export interface ActualRedirect {
  readonly device: string;
  /** Null where its clsact qdisc has no such filter; `*` when the other device is gone. */
  readonly target: string | null;
}

/** The filter's number; nobody else's business has one in our namespaces. */
const pref = 76;

/** @param qdiscs what `tc qdisc show` answered: devices without clsact cost no further look. */
export async function readRedirects(
  kernel: Kernel,
  netns: Netns,
  qdiscs: readonly unknown[],
  signal?: AbortSignal,
): Promise<ActualRedirect[]> {
  const devices = (qdiscs as readonly TcQdisc[]).filter(({ kind }) => kind === 'clsact').map(({ dev }) => dev);
  const queries = devices.map((device) => `filter show dev ${device} egress`);
  const answers = await readTcBatch(kernel, netns, queries, signal);
  return devices.map((device, index) => ({ device, target: parseTarget(answers[index] ?? []) }));
}

interface TcQdisc {
  readonly kind: string;
  readonly dev: string;
}

interface TcFilter {
  readonly pref: number;
  readonly options?: { readonly actions?: readonly { readonly kind: string; readonly to_dev?: string }[] };
}

/** A u32 filter comes in several parts, of which one has the action. */
export function parseTarget(answer: readonly unknown[]): string | null {
  const actions = (answer as readonly TcFilter[])
    .filter((filter) => filter.pref === pref)
    .flatMap(({ options }) => options?.actions ?? []);
  return actions.find(({ kind }) => kind === 'mirred')?.to_dev ?? null;
}

/** Lines of a `tc -batch` for the devices a plan lists and that exist. */
export function diffRedirects(
  wanted: readonly LinkPlan[],
  actual: readonly ActualRedirect[],
  present: ReadonlySet<string>,
): string[] {
  const have = new Map(actual.map(({ device, target }) => [device, target]));
  return wanted
    .filter(({ name }) => present.has(name))
    .flatMap(({ name, redirect }) => diffDevice(name, redirect, have.get(name)));
}

/** @param now undefined without a clsact qdisc. */
function diffDevice(device: string, wanted: string | undefined, now: string | null | undefined): string[] {
  if (wanted === undefined) return now === undefined ? [] : [`qdisc delete dev ${device} clsact`];
  if (now === wanted) return [];
  return [
    ...(now === undefined ? [`qdisc add dev ${device} clsact`] : []),
    ...(typeof now === 'string' ? [`filter delete dev ${device} egress pref ${pref}`] : []),
    // Every IPv4 packet: not every kernel can match marks here, and those that cannot do not say so.
    `filter add dev ${device} egress pref ${pref} protocol ip u32 match u32 0 0 action mirred egress redirect dev ${wanted}`,
  ];
}

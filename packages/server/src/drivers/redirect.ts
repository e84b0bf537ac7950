import type { LinkPlan, RedirectPlan } from '../planner/plan.ts';
import type { Kernel, Netns } from './kernel.ts';
import { readTcBatch } from './kernel.ts';

/** A device whose marked packets are sent to other devices first: its clsact qdisc and the filters there. */
export interface ActualRedirects {
  readonly device: string;
  /** Number of the filter, which is the mark it looks for → where it redirects to; null when that device is gone. */
  readonly targets: ReadonlyMap<number, string | null>;
}

/** @param qdiscs what `tc qdisc show` answered: devices without clsact cost no further look. */
export async function readRedirects(
  kernel: Kernel,
  netns: Netns,
  qdiscs: readonly unknown[],
  signal?: AbortSignal,
): Promise<ActualRedirects[]> {
  const devices = (qdiscs as readonly TcQdisc[]).filter(({ kind }) => kind === 'clsact').map(({ dev }) => dev);
  const queries = devices.map((device) => `filter show dev ${device} egress`);
  const answers = await readTcBatch(kernel, netns, queries, signal);
  return devices.map((device, index) => ({ device, targets: parseFilters(answers[index] ?? []) }));
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
export function parseFilters(answer: readonly unknown[]): Map<number, string | null> {
  const targets = new Map<number, string | null>();
  for (const { pref, options } of answer as readonly TcFilter[]) {
    const target = options?.actions?.find(({ kind }) => kind === 'mirred')?.to_dev;
    if (target !== undefined || !targets.has(pref)) targets.set(pref, target ?? null);
  }
  return targets;
}

/** Lines of a `tc -batch` for the devices a plan lists and that exist. */
export function diffRedirects(
  wanted: readonly LinkPlan[],
  actual: readonly ActualRedirects[],
  present: ReadonlySet<string>,
): string[] {
  const have = new Map(actual.map(({ device, targets }) => [device, targets]));
  return wanted
    .filter(({ name }) => present.has(name))
    .flatMap(({ name, redirects = [] }) => diffDevice(name, redirects, have.get(name)));
}

function diffDevice(
  device: string,
  wanted: readonly RedirectPlan[],
  have: ReadonlyMap<number, string | null> | undefined,
): string[] {
  if (wanted.length === 0) return have === undefined ? [] : [`qdisc delete dev ${device} clsact`];
  const isWanted = (mark: number, target: string | null) =>
    wanted.some((redirect) => redirect.mark === mark && redirect.device === target);
  const wrong = [...(have ?? [])].filter(([mark, target]) => !isWanted(mark, target)).map(([mark]) => mark);
  const missing = wanted.filter(({ mark, device: target }) => have?.get(mark) !== target);
  return [
    ...(have === undefined ? [`qdisc add dev ${device} clsact`] : []),
    ...wrong.map((mark) => `filter delete dev ${device} egress pref ${mark}`),
    ...missing.map((redirect) => `filter add dev ${device} egress ${describeFilter(redirect)}`),
  ];
}

/** The kernel does not show the mark that a u32 filter matches, so the filter is numbered like it. */
function describeFilter({ mark, device }: RedirectPlan): string {
  const action = `action mirred egress redirect dev ${device}`;
  return `pref ${mark} protocol ip u32 match mark ${mark} 0xffffffff ${action}`;
}

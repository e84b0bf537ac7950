import { realNetns, type Kernel, type Netns } from './kernel.ts';

export type Sysctls = Readonly<Record<string, string>>;

export interface SysctlChanges {
  readonly writes: readonly { readonly name: string; readonly value: string }[];
  /** Names the kernel does not have (yet): settings of a device that is not there. */
  readonly missing: readonly string[];
}

/** Values of the settings named; null where the kernel has none. */
export async function readSysctls(
  kernel: Kernel,
  netns: Netns,
  names: readonly string[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, string | null>> {
  if (names.length === 0) return new Map();
  const values = await kernel.netnsd.readSysctls(realNetns(kernel, netns), names.map(sysctlPath), signal);
  return new Map(names.map((name, index) => [name, values[index] ?? null]));
}

export function diffSysctls(
  wanted: Sysctls,
  actual: ReadonlyMap<string, string | null>,
  minima: Readonly<Record<string, number>> = {},
): SysctlChanges {
  const entries = Object.entries(wanted).map(([name, value]) => ({ name, value, now: actual.get(name) ?? null }));
  return {
    writes: [
      ...entries
        .filter(({ value, now }) => now !== null && words(now) !== words(value))
        .map(({ name, value }) => ({ name, value })),
      ...Object.entries(minima)
        .filter(([name, least]) => Number(actual.get(name) ?? least) < least)
        .map(([name, least]) => ({ name, value: String(least) })),
    ],
    missing: entries.filter(({ name, now }) => now === null && !isOptional(name)).map(({ name }) => name),
  };
}

/** br_netfilter's and IPv6's: where they are not there is nothing to switch off. */
function isOptional(name: string): boolean {
  return name.startsWith('net.bridge.') || name.startsWith('net.ipv6.');
}

export async function applySysctls(
  kernel: Kernel,
  netns: Netns,
  changes: SysctlChanges,
  signal?: AbortSignal,
): Promise<void> {
  if (changes.writes.length === 0) return;
  const values = changes.writes.map(({ name, value }) => [sysctlPath(name), value] as const);
  await kernel.netnsd.writeSysctls(realNetns(kernel, netns), values, signal);
}

/** `net.ipv4.conf.eth0/7.rp_filter` → `net/ipv4/conf/eth0.7/rp_filter`, as sysctl(8) does; of the path, the name again. */
export function sysctlPath(name: string): string {
  return name.replace(/[./]/g, (separator) => (separator === '.' ? '/' : '.'));
}

/** The kernel separates the parts of a value by tabs. */
export function words(value: string): string {
  return value.trim().split(/\s+/).join(' ');
}

import { fileURLToPath } from 'node:url';
import { inNetns, type Kernel, type Netns } from './kernel.ts';

const script = fileURLToPath(new URL('sysctl.sh', import.meta.url));

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
  const argv = inNetns(kernel, netns, ['sh', script, 'read', ...names.map(sysctlPath)]);
  const values = parseAnswer(await kernel.commands.run(argv, signal && { signal }));
  return new Map(names.map((name) => [name, values.get(sysctlPath(name)) ?? null]));
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
  await kernel.commands.run(inNetns(kernel, netns, ['sh', script, 'write']), {
    input: changes.writes.map(({ name, value }) => `${sysctlPath(name)} ${value}\n`).join(''),
    ...(signal && { signal }),
  });
}

/** `net.ipv4.conf.eth0/7.rp_filter` → `net/ipv4/conf/eth0.7/rp_filter`, as sysctl(8) does. */
export function sysctlPath(name: string): string {
  return name.replace(/[./]/g, (separator) => (separator === '.' ? '/' : '.'));
}

/** Lines of `path:value`. */
function parseAnswer(output: string): Map<string, string> {
  const lines = output.split('\n').filter((line) => line.includes(':'));
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]));
}

/** The kernel separates the parts of a value by tabs. */
function words(value: string): string {
  return value.trim().split(/\s+/).join(' ');
}

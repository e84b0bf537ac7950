import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { keyOfNetns } from '../plan/names.ts';
import type { PlanKey } from '../plan/plan.ts';
import { readIp, runIp, type Kernel } from './kernel.ts';
import { applySysctls } from './sysctl.ts';

/** The namespaces that are made here; no other named namespace is ever touched. */
function isOwnNetnsName(name: string): boolean {
  return keyOfNetns(name) !== undefined;
}

/** The name of an installation in the marks of what it made: a digest of its data directory's path. */
export function installationOf(dataDir: string): string {
  return createHash('sha256').update(resolve(dataDir)).digest('hex').slice(0, 12);
}

/** Before any device comes: none of them shall take a router's advertisement, or an address, for one moment. */
const withoutIpv6 = ['all', 'default'].map((device) => {
  return { name: `net.ipv6.conf.${device}.disable_ipv6`, value: '1' };
});

/**
 * Makes the namespace if it is missing, and marks it with the installation it belongs to (the alias of its loopback
 * device), so that two control planes on one machine never sweep each other's.
 */
export async function ensureNetns(
  kernel: Kernel,
  name: string,
  installation: string,
  signal?: AbortSignal,
): Promise<void> {
  if (!isOwnNetnsName(name)) throw new Error(`${name} is not a name of a namespace of ours`);
  if (await netnsExists(kernel, name)) {
    if ((await readMark(kernel, name)) === markOf(installation)) return;
  } else {
    // Unless the worker of a neighbour's plan was faster.
    await kernel.netnsd.add(name, signal);
  }
  await applySysctls(kernel, name, { writes: withoutIpv6, missing: [] }, signal);
  await runIp(kernel, [{ netns: name, line: `link set lo up alias ${markOf(installation)}` }], signal);
}

/** Gone already is success. */
export async function deleteNetns(kernel: Kernel, name: string): Promise<void> {
  if (!isOwnNetnsName(name)) throw new Error(`${name} is not a name of a namespace of ours`);
  await kernel.netnsd.remove(name);
}

export async function netnsExists(kernel: Kernel, name: string): Promise<boolean> {
  return (await kernel.listNetns()).includes(name);
}

/** Keys of the plans whose namespaces carry this installation's mark. @param except of these nobody wants to know. */
export async function readOwnNetns(
  kernel: Kernel,
  installation: string,
  except: ReadonlySet<PlanKey> = new Set(),
): Promise<Exclude<PlanKey, 'host'>[]> {
  const keys = (await kernel.listNetns())
    .map((name) => ({ name, key: keyOfNetns(name) }))
    .filter(({ key }) => key !== undefined && !except.has(key));
  const marks = await Promise.all(keys.map(({ name }) => readMark(kernel, name)));
  return keys.flatMap(({ key }, index) => (key !== undefined && marks[index] === markOf(installation) ? [key] : []));
}

function markOf(installation: string): string {
  return `landbridge-${installation}`;
}

async function readMark(kernel: Kernel, name: string): Promise<string | null> {
  try {
    const [links = []] = await readIp(kernel, name, ['link show dev lo']);
    return (links[0] as { ifalias?: string } | undefined)?.ifalias ?? null;
  } catch {
    return null;
  }
}

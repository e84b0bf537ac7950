import { readFile } from 'node:fs/promises';
import type { Namespace } from '@landbridge/testbed/namespace';
import { devicesOfTheKernel } from './devices-of-the-kernel.ts';
import { hostNamespaceName, ownNamespaces, temporaryDirectories, temporaryPrefix } from './own-namespaces.ts';
import { poll } from '@landbridge/testbed/poll';
import { processesNaming } from './processes-naming.ts';

/** Everything that a lab, or the server in it, could leave behind: one line each. */
export type Inventory = readonly string[];

/** Something that was made and is still there. */
class LeakError extends Error {
  readonly leaks: Inventory;

  constructor(stage: string, leaks: Inventory) {
    super(`${stage}, but left behind: ${leaks.join('; ')}`);
    this.name = 'LeakError';
    this.leaks = leaks;
  }
}

/** Lists namespaces, the host namespace's devices, rules and nft tables, the lab's processes and temporary directories. */
export async function takeInventory(): Promise<Inventory> {
  const namespaces = await ownNamespaces();
  const host = namespaces.find(({ name }) => name === hostNamespaceName);
  const [inHost, processes, directories, users] = await Promise.all([
    host === undefined ? [] : hostInventory(host),
    Promise.all(namespaces.map(processesIn)),
    temporaryDirectories(),
    directoryUsers(),
  ]);
  return [
    ...namespaces.map(({ name }) => `namespace ${name}`),
    ...inHost,
    ...processes.flat(),
    ...directories.map((path) => `directory ${path}`),
    ...users,
  ];
}

/** Waits until nothing is there that was not there `before`; throws LeakError naming what stays. */
export async function expectNothingLeft(
  stage: string,
  before: Inventory,
  options: { readonly within?: number; readonly except?: (item: string) => boolean } = {},
): Promise<void> {
  let leaks: Inventory = [];
  const isLeak = (item: string): boolean => !before.includes(item) && options.except?.(item) !== true;
  await poll(
    stage,
    async () => (leaks = (await takeInventory()).filter(isLeak)),
    (found) => found.length === 0,
    { within: options.within ?? 10_000, every: 250 },
  ).catch((error: unknown) => {
    throw leaks.length > 0 ? new LeakError(stage, leaks) : error;
  });
}

async function hostInventory(host: Namespace): Promise<string[]> {
  const [links, rules, tables] = await Promise.all([
    host.ipJson('link', 'show'),
    host.ipJson('rule', 'show'),
    host.runChecked(['nft', 'list', 'tables']),
  ]);
  return [
    ...links
      .map((link) => String(link['ifname']))
      // One comes whenever some test loads the module first.
      .filter((name) => !devicesOfTheKernel.includes(name))
      .map((name) => `device ${name} in ${host.name}`),
    ...rules.map((rule) => `ip rule ${JSON.stringify(rule)} in ${host.name}`),
    ...tables
      .split('\n')
      .filter(Boolean)
      .map((table) => `nft ${table} in ${host.name}`),
  ];
}

async function processesIn(namespace: Namespace): Promise<string[]> {
  const pids = await namespace.pids();
  const lines = await Promise.all(pids.map((pid) => describeProcess(pid)));
  return lines.filter((line) => line !== null).map((line) => `process ${line} in ${namespace.name}`);
}

/** Null for one that is gone, that this check itself started, be it as a part of the service, or that a running agent has. */
async function describeProcess(pid: number): Promise<string | null> {
  try {
    const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8');
    const parent = await parentOf(pid);
    const isPart = /\0(controller|agent)\0--data-dir\0/.test(commandLine) && (await parentOf(parent)) === process.pid;
    const isOfAgent = commandLine.endsWith('/netnsd\0') && parent !== 1;
    return parent === process.pid || isPart || isOfAgent || commandLine === ''
      ? null
      : `${pid} ${commandLine.replaceAll('\0', ' ').slice(0, 90)}`;
  } catch {
    return null;
  }
}

async function parentOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

/** Processes in any network namespace that name a temporary directory of this lab on their command line. */
async function directoryUsers(): Promise<string[]> {
  const processes = await processesNaming(temporaryPrefix);
  return processes.map(({ pid, commandLine }) => `process ${pid} ${commandLine.slice(0, 80)}`);
}

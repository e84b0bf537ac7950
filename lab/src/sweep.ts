import { rm, stat } from 'node:fs/promises';
import type { Namespace } from '@landbridge/testbed/namespace';
import { hostNamespaceName, ownNamespaces, temporaryDirectories, temporaryPrefix } from './own-namespaces.ts';
import { poll } from '@landbridge/testbed/poll';
import { processesNaming } from './processes-naming.ts';
import { runChecked, runCommand } from '@landbridge/testbed/run-command';
import { devicesOfTheKernel } from './devices-of-the-kernel.ts';

/**
 * Removes everything a lab may have left, running or crashed: processes in its namespaces, the namespaces, its temporary directories.
 * Returns what it removed.
 */
export async function sweepLab(): Promise<string[]> {
  const namespaces = await ownNamespaces();
  await killProcessesIn(namespaces);
  await Promise.all(namespaces.map((namespace) => namespace.delete()));
  return [...namespaces.map(({ name }) => name), ...(await removeTemporaryDirectories())];
}

/** The same from inside `lab-host`, which stays with the caller in it: what a failed test file may have left for the next one. */
export async function sweepInsideHost(): Promise<void> {
  await requireHostNamespace();
  const namespaces = (await ownNamespaces()).filter(({ name }) => name !== hostNamespaceName);
  await killServers();
  await killProcessesIn(namespaces);
  await Promise.all(namespaces.map((namespace) => namespace.delete()));
  await runChecked(['nft', 'flush', 'ruleset']);
  await deleteDevices();
  await removeTemporaryDirectories();
}

/** Throws unless this process lives in `lab-host`: nothing of a lab may touch the machine's own namespace. */
export async function requireHostNamespace(): Promise<void> {
  const [own, host] = await Promise.all([
    stat('/proc/self/ns/net'),
    stat(`/run/netns/${hostNamespaceName}`).catch(() => undefined),
  ]);
  if (own.ino !== host?.ino) {
    throw new Error('this is not the host namespace of a lab; run the tests with `npm run test:lab`');
  }
}

/** Servers are told by the temporary directory on their command line. */
async function killServers(): Promise<void> {
  for (const { pid } of await processesNaming(`serve --data-dir ${temporaryPrefix}`)) killIfAlive(pid);
}

async function killProcessesIn(namespaces: readonly Namespace[]): Promise<void> {
  await poll(
    'processes of the lab end',
    async () => {
      const pids = (await Promise.all(namespaces.map((namespace) => namespace.pids()))).flat();
      const others = pids.filter((pid) => pid !== process.pid);
      for (const pid of others) killIfAlive(pid);
      return others;
    },
    (pids) => pids.length === 0,
    { within: 20_000 },
  );
}

function killIfAlive(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone meanwhile.
  }
}

/** A pair whose other end's namespace was deleted goes a little later by itself. */
async function deleteDevices(): Promise<void> {
  await poll(
    'devices of the host go',
    async () => {
      const names = JSON.parse(await runChecked(['ip', '-json', 'link', 'show'])) as { readonly ifname: string }[];
      const others = names.map(({ ifname }) => ifname).filter((name) => !devicesOfTheKernel.includes(name));
      for (const name of others) await runCommand(['ip', 'link', 'delete', name]);
      return others;
    },
    (others) => others.length === 0,
    { within: 10_000 },
  );
}

async function removeTemporaryDirectories(): Promise<string[]> {
  const found = await temporaryDirectories();
  await Promise.all(found.map((path) => rm(path, { recursive: true, force: true })));
  return found;
}

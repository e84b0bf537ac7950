import { readDevices, type ActualLink } from './link.ts';
import { tryIp, type Kernel } from './kernel.ts';
import { problemsByDevice, type ActualTunnel, type DeviceProblems, type TunnelDevices } from './tunnel-device.ts';
import { UxfrmCommandError, type UxfrmControl, type UxfrmTun } from './daemons/uxfrm-control.ts';

/**
 * TUN devices of uxfrm. They are persistent: when uxfrm dies they stay, with their addresses and routes, and a new uxfrm
 * is told to take them over. A TUN that uxfrm does not know can be removed by the kernel only.
 */
export function uxfrmTunnelDevices(kernel: Kernel, netns: string, control: UxfrmControl): TunnelDevices {
  /** uxfrm makes and removes the devices, and it is our doing. */
  const expecting = async <T>(names: readonly string[], signal: AbortSignal | undefined, work: () => Promise<T>) => {
    await kernel.netnsd.expect(netns, names, signal);
    try {
      return await work();
    } finally {
      await kernel.netnsd.expect(netns, []);
    }
  };
  return {
    read: async (links, signal) => joinTuns(await control.listTuns(signal), links),
    async add(tunnels, signal) {
      const served = await control.listTuns(signal);
      const names = tunnels.map(({ name }) => name);
      return expecting(names, signal, () =>
        forEachDevice(tunnels, async ({ name, ifId, mtu }) => {
          // Served but to be added, or with an if_id that is to be added: somebody deleted the device under uxfrm.
          const stale = served.filter((tun) => tun.name === name || tun.ifId === ifId);
          for (const tun of stale) await control.removeTun(tun.name, signal);
          await control.addTun({ name, ifId, mtu }, signal);
        }),
      );
    },
    async remove(names, signal) {
      const served = new Set((await control.listTuns(signal)).map(({ name }) => name));
      const tuns = names.filter((name) => served.has(name)).map((name) => ({ name }));
      const refused = await expecting(names, signal, () =>
        forEachDevice(tuns, ({ name }) => control.removeTun(name, signal)),
      );
      const left = (await readDevices(kernel, netns, names, signal)).filter(({ kind }) => kind === 'tun');
      const commands = left.map(({ name }) => ({ netns, line: `link delete ${name}` }));
      return new Map([...refused, ...problemsByDevice(names, await tryIp(kernel, commands, signal))]);
    },
  };
}

/** What uxfrm refuses is told; that it is gone is thrown. */
async function forEachDevice<T extends { readonly name: string }>(
  devices: readonly T[],
  work: (device: T) => Promise<void>,
): Promise<DeviceProblems> {
  const problems = new Map<string, string>();
  for (const device of devices) {
    try {
      await work(device);
    } catch (error) {
      if (!(error instanceof UxfrmCommandError)) throw error;
      problems.set(device.name, error.message);
    }
  }
  return problems;
}

/** Pure. A TUN that uxfrm lists but the kernel has not any more counts as absent: it is made again. */
export function joinTuns(served: readonly UxfrmTun[], links: readonly ActualLink[]): ActualTunnel[] {
  const ifIds = new Map(served.map(({ name, ifId }) => [name, ifId]));
  return links.filter(({ kind }) => kind === 'tun').map(({ name }) => ({ name, ifId: ifIds.get(name) ?? null }));
}

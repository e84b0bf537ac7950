import { readLinks, type ActualLink } from './link.ts';
import { runIp, type Kernel } from './kernel.ts';
import type { ActualTunnel, TunnelDevices } from './tunnel-device.ts';
import type { UxfrmControl, UxfrmTun } from './uxfrm-control.ts';

/**
 * TUN devices of uxfrm. They are persistent: when uxfrm dies they stay, with their addresses and routes, and a new uxfrm
 * is told to take them over. A TUN that uxfrm does not know can be removed by the kernel only.
 */
export function uxfrmTunnelDevices(kernel: Kernel, netns: string, control: UxfrmControl): TunnelDevices {
  return {
    read: async (links, signal) => joinTuns(await control.listTuns(signal), links),
    async add(tunnels, signal) {
      const served = new Set((await control.listTuns(signal)).map(({ name }) => name));
      for (const { name, ifId, mtu } of tunnels) {
        // Served but to be added: somebody deleted the device under uxfrm.
        if (served.has(name)) await control.removeTun(name, signal);
        await control.addTun({ name, ifId, mtu }, signal);
      }
    },
    async remove(names, signal) {
      const served = new Set((await control.listTuns(signal)).map(({ name }) => name));
      for (const name of names) if (served.has(name)) await control.removeTun(name, signal);
      const left = (await readLinks(kernel, netns, signal)).filter(
        ({ name, kind }) => kind === 'tun' && names.includes(name),
      );
      await runIp(
        kernel,
        left.map(({ name }) => ({ netns, line: `link delete ${name}` })),
        signal,
      );
    },
  };
}

/** Pure. A TUN that uxfrm lists but the kernel has not any more counts as absent: it is made again. */
export function joinTuns(served: readonly UxfrmTun[], links: readonly ActualLink[]): ActualTunnel[] {
  const ifIds = new Map(served.map(({ name, ifId }) => [name, ifId]));
  return links.filter(({ kind }) => kind === 'tun').map(({ name }) => ({ name, ifId: ifIds.get(name) ?? null }));
}

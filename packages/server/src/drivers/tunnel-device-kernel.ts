import { runIp, type Kernel } from './kernel.ts';
import type { TunnelDevices } from './tunnel-device.ts';

/** xfrm interfaces (ip-link(8)): the kernel binds SAs and policies to them by if_id. */
export function kernelTunnelDevices(kernel: Kernel, netns: string): TunnelDevices {
  return {
    read: async (links) =>
      links.filter(({ kind }) => kind === 'xfrm').map(({ name, ifId }) => ({ name, ifId: ifId ?? 0 })),
    async add(tunnels, signal) {
      const lines = tunnels.map(({ name, ifId, mtu }) => `link add ${name} mtu ${mtu} type xfrm if_id ${ifId}`);
      await runIp(
        kernel,
        lines.map((line) => ({ netns, line })),
        signal,
      );
    },
    async remove(names, signal) {
      await runIp(
        kernel,
        names.map((name) => ({ netns, line: `link delete ${name}` })),
        signal,
      );
    },
  };
}

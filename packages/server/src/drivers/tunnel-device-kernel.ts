import { tryIp, type Kernel } from './kernel.ts';
import { problemsByDevice, type DeviceProblems, type TunnelDevices } from './tunnel-device.ts';

/** xfrm interfaces (ip-link(8)): the kernel binds SAs and policies to them by if_id. */
export function kernelTunnelDevices(kernel: Kernel, netns: string): TunnelDevices {
  const run = async (
    names: readonly string[],
    lines: readonly string[],
    signal?: AbortSignal,
  ): Promise<DeviceProblems> => {
    const commands = lines.map((line) => ({ netns, line }));
    return problemsByDevice(names, await tryIp(kernel, commands, signal));
  };
  return {
    read: async (links) =>
      links.filter(({ kind }) => kind === 'xfrm').map(({ name, ifId }) => ({ name, ifId: ifId ?? 0 })),
    add: (tunnels, signal) => {
      const lines = tunnels.map(({ name, ifId, mtu }) => `link add ${name} mtu ${mtu} type xfrm if_id ${ifId}`);
      const names = tunnels.map(({ name }) => name);
      return run(names, lines, signal);
    },
    remove: (names, signal) => {
      const lines = names.map((name) => `link delete ${name}`);
      return run(names, lines, signal);
    },
  };
}

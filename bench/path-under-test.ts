import type { Host } from '../lab/src/host.ts';

/** One way for packets between two hosts, to be measured side by side with others. */
export interface PathUnderTest {
  readonly name: 'plain veth' | 'kernel-libipsec' | 'uxfrm' | 'landbridge';
  readonly from: Host;
  readonly to: Host;
}

/** MTU of every end host, so that all paths carry packets of the same size. */
export const benchMtu = 1400;

export async function setBenchMtu(...hosts: readonly Host[]): Promise<void> {
  await Promise.all(hosts.map(({ namespace }) => namespace.ip(`link set eth0 mtu ${benchMtu}`)));
}

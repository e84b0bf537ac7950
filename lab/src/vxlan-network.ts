import type { Host } from './host.ts';
import type { Lab } from './lab.ts';
import type { Namespace } from '@landbridge/testbed/namespace';
import { hostAddress } from './uplink.ts';

/** A data centre whose router speaks VXLAN over the lab's internet. */
export interface VxlanNetwork {
  readonly lan: string;
  readonly router: Namespace;
  /** The router's address on the internet. */
  readonly remoteAddress: string;
  readonly host: Host;
}

/** 192.168.9.0/24 behind a router at 203.0.113.31. */
export async function createVxlanNetwork(lab: Lab): Promise<VxlanNetwork> {
  const router = await lab.createNode('dc', { forwards: true });
  const remoteAddress = '203.0.113.31';
  await lab.internet.attach(router, 'wan', remoteAddress);
  const far = { namespace: router, device: 'lan' };
  const addresses = { address: '192.168.9.10/24', gateway: '192.168.9.1' };
  const host = await lab.createHost({ name: 'DC', netns: lab.netns('dc-lan'), ...addresses, far });
  await router.ip('address add 192.168.9.1/24 dev lan', 'link set lan up');
  return { lan: '192.168.9.0/24', router, remoteAddress, host };
}

/** The other end of a VXLAN to the server's machine. Returns its MAC address, by which its packets can be told. */
export async function addVxlan(
  namespace: Namespace,
  device: string,
  vni: number,
  address: string,
  ...routes: readonly string[]
): Promise<string> {
  await namespace.ip(
    `link add ${device} type vxlan id ${vni} remote ${hostAddress} dstport 4789`,
    `link set ${device} mtu 1450 up`,
    `address add ${address} dev ${device}`,
    ...routes.map((route) => `route add ${route} dev ${device}`),
  );
  const [link] = await namespace.ipJson('link', 'show', 'dev', device);
  return String(link?.['address']);
}

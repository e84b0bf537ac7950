import type { Host } from './host.ts';
import type { Lab } from './lab.ts';
import { connectNamespaces } from './veth.ts';

/** The data centre at the other end of a dedicated line: its router and one host (docs/spec/scenarios.md section 0). */
export interface DcNetwork {
  readonly lan: string;
  readonly interfaceName: string;
  /** Our address on the line, with the prefix length. */
  readonly localAddress: string;
  readonly peerAddress: string;
  readonly host: Host;
}

const localAddress = '198.18.9.1/30';
const peerAddress = '198.18.9.2';

/** 192.168.9.0/24 behind a router that sends everything else into the line. */
export async function createDcNetwork(lab: Lab): Promise<DcNetwork> {
  const interfaceName = lab.cable('dc-line');
  const router = await lab.createNode('dc', { forwards: true });
  lab.cables.push(interfaceName);
  await connectNamespaces({ namespace: router, device: 'line' }, { namespace: lab.host, device: interfaceName });
  const far = { namespace: router, device: 'lan' };
  const addresses = { address: '192.168.9.10/24', gateway: '192.168.9.1' };
  const host = await lab.createHost({ name: 'DC', netns: lab.netns('dc-lan'), ...addresses, far });
  await router.ip(
    `address add ${peerAddress}/30 dev line`,
    'link set line up',
    'address add 192.168.9.1/24 dev lan',
    'link set lan up',
    'route add default via 198.18.9.1 dev line',
  );
  return { lan: '192.168.9.0/24', interfaceName, localAddress, peerAddress, host };
}

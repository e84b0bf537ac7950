import { createHost, type Host } from './host.ts';
import type { Lab } from './lab.ts';
import { Namespace } from './namespace.ts';
import { connectNamespaces } from './veth.ts';

/** The data centre at the other end of a dedicated line: its router and one host (spec/scenarios.md section 0). */
export interface DcNetwork {
  readonly lan: string;
  readonly interfaceName: string;
  /** Our address on the line, with the prefix length. */
  readonly localAddress: string;
  readonly peerAddress: string;
  readonly host: Host;
}

/** Name of the line in the server's machine. */
export const dcLine = 'dc-line';
const localAddress = '198.18.9.1/30';
const peerAddress = '198.18.9.2';

/** 192.168.9.0/24 behind a router that sends everything else into the line. */
export async function createDcNetwork(lab: Lab): Promise<DcNetwork> {
  const router = await Namespace.create('lab-dc', { forwards: true });
  await connectNamespaces({ namespace: router, device: 'line' }, { namespace: lab.host, device: dcLine });
  const far = { namespace: router, device: 'lan' };
  const host = await createHost({
    ...{ name: 'DC', netns: 'lab-dc-lan', address: '192.168.9.10/24', gateway: '192.168.9.1', far },
  });
  await router.ip(
    `address add ${peerAddress}/30 dev line`,
    'link set line up',
    'address add 192.168.9.1/24 dev lan',
    'link set lan up',
    'route add default via 198.18.9.1 dev line',
  );
  lab.dcNodes.push(router, host.namespace);
  return { lan: '192.168.9.0/24', interfaceName: dcLine, localAddress, peerAddress, host };
}

import { Namespace } from '@landbridge/testbed/namespace';
import { pingCanary } from '../lab/src/ping.ts';
import { connectNamespaces } from '../lab/src/veth.ts';
import { setBenchMtu, type PathUnderTest } from './path-under-test.ts';

/** Two hosts on one cable: what the machine can do without any tunnel. */
export async function createPlainVeth(): Promise<PathUnderTest> {
  const [left, right] = await Promise.all([Namespace.create('lab-left'), Namespace.create('lab-right')]);
  await connectNamespaces({ namespace: left, device: 'eth0' }, { namespace: right, device: 'eth0' });
  await left.ip('address add 10.77.0.1/24 dev eth0', 'link set eth0 up');
  await right.ip('address add 10.77.0.2/24 dev eth0', 'link set eth0 up');
  const from = { name: 'left', namespace: left, address: '10.77.0.1', canary: pingCanary };
  const to = { name: 'right', namespace: right, address: '10.77.0.2', canary: pingCanary };
  await setBenchMtu(from, to);
  return { name: 'plain veth', from, to };
}

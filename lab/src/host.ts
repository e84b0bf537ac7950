import { Namespace } from '@landbridge/testbed/namespace';
import { connectNamespaces } from './veth.ts';

/** An ordinary computer: one interface `eth0`, one address, one default gateway. */
export interface Host {
  /** As the scenario matrix calls it, such as `VPC-1 A`. */
  readonly name: string;
  readonly namespace: Namespace;
  readonly address: string;
  /** Payload of its pings. */
  readonly canary: string;
}

export interface HostOptions {
  readonly name: string;
  readonly netns: string;
  /** With prefix length, such as `10.0.1.10/24`. */
  readonly address: string;
  readonly gateway: string;
  readonly canary: string;
  /** Where the cable ends. */
  readonly far: { readonly namespace: Namespace; readonly device: string };
}

export async function createHost(options: HostOptions): Promise<Host> {
  const namespace = await Namespace.create(options.netns);
  await connectNamespaces({ namespace, device: 'eth0' }, options.far);
  await namespace.ip(
    `address add ${options.address} dev eth0`,
    'link set eth0 up',
    `route add default via ${options.gateway} dev eth0`,
  );
  const [address = ''] = options.address.split('/');
  return { name: options.name, namespace, address, canary: options.canary };
}

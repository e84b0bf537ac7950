import { Namespace } from '@landbridge/testbed/namespace';
import { connectNamespaces } from './veth.ts';

/** The public network of the lab: one Ethernet segment, 203.0.113.0/24 (docs/spec/scenarios.md section 0). */
export const publicNetwork = '203.0.113.0/24';

/** Stands for the internet: a bridge in a namespace of its own, to which uplinks and IDC devices are attached. */
export class Internet implements AsyncDisposable {
  readonly namespace: Namespace;

  private constructor(namespace: Namespace) {
    this.namespace = namespace;
  }

  static async create(name = 'lab-inet'): Promise<Internet> {
    const namespace = await Namespace.create(name);
    await namespace.ip('link add internet type bridge', 'link set internet up');
    return new Internet(namespace);
  }

  /** Gives `device` in `namespace` a place on the segment; an empty `address` leaves the device without one. */
  async attach(namespace: Namespace, device: string, address: string | null): Promise<void> {
    const port = namespace.name.slice(0, 15);
    await connectNamespaces({ namespace, device }, { namespace: this.namespace, device: port });
    await this.namespace.ip(`link set ${port} master internet up`);
    if (address !== null) await namespace.ip(`address add ${address}/24 dev ${device}`);
    await namespace.ip(`link set ${device} up`);
  }

  /** Cuts or mends the line of an attached namespace without telling either end's link state to charon. */
  async setLine(namespace: Namespace, state: 'up' | 'down'): Promise<void> {
    await this.namespace.ip(
      `link set ${namespace.name.slice(0, 15)} ${state === 'up' ? 'master internet' : 'nomaster'}`,
    );
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.namespace.delete();
  }
}

import { Internet } from './internet.ts';
import type { Lab } from './lab.ts';
import type { Namespace } from '@landbridge/testbed/namespace';

/** Ports of the outside address that connections from inside get. */
type PortRange = `${number}-${number}`;

/** A box with one public address and a private network behind it, as in front of many a branch office. */
export class NatRouter {
  readonly publicAddress: string;
  /** 192.168.200.0/24; the router is .1 there. */
  readonly inside: Internet;
  readonly #namespace: Namespace;
  #ports: PortRange = '20000-29999';

  private constructor(publicAddress: string, inside: Internet, namespace: Namespace) {
    this.publicAddress = publicAddress;
    this.inside = inside;
    this.#namespace = namespace;
  }

  /** Goes with the lab. */
  static async create(lab: Lab, publicAddress: string): Promise<NatRouter> {
    const inside = await Internet.create(lab.netns('branch'));
    const namespace = await lab.createNode('nat', { forwards: true });
    lab.onStop(() => inside[Symbol.asyncDispose]());
    await lab.internet.attach(namespace, 'outside', publicAddress);
    await inside.attach(namespace, 'inside', '192.168.200.1');
    const router = new NatRouter(publicAddress, inside, namespace);
    await router.#translate();
    return router;
  }

  /** Forgets every connection, as after a power cut: the next packet from inside comes from another port. */
  async changeMappings(): Promise<void> {
    this.#ports = this.#ports === '20000-29999' ? '40000-49999' : '20000-29999';
    await this.#translate();
    // Masquerading forgets the connections of an interface that goes down.
    await this.#namespace.ip('link set outside down', 'link set outside up');
  }

  async #translate(): Promise<void> {
    const rules = `table ip nat
delete table ip nat
table ip nat {
  chain postrouting {
    type nat hook postrouting priority srcnat;
    oifname "outside" ip protocol udp masquerade to :${this.#ports}
  }
}
`;
    await this.#namespace.runChecked(['nft', '-f', '-'], { input: rules });
  }
}

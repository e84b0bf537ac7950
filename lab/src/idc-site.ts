import { createHost, type Host } from './host.ts';
import type { Internet } from './internet.ts';
import { Namespace } from '@landbridge/testbed/namespace';
import { connectNamespaces } from './veth.ts';

export interface IdcSiteOptions {
  /** As the scenario matrix calls it, such as `IDC-1`. */
  readonly name: string;
  /** The device's namespace; its LAN host's is the same with `-lan`. */
  readonly netns: string;
  readonly publicAddress: string;
  /** First three bytes of the LAN, such as `192.168.1`: the device is .1, the host .10. */
  readonly lanPrefix: string;
  /** Absent: a LAN of its own with one host. */
  readonly sharedLan?: SharedLan;
  /** Payload of the LAN host's pings. */
  readonly canary: string;
}

/** A LAN with several devices on it, in a namespace that is its switch. */
export interface SharedLan {
  readonly switch: Namespace;
  readonly bridge: string;
  readonly host: Host;
  /** The device's own on it, without prefix length. */
  readonly address: string;
}

/** A place for an IPsec device: interfaces `wan`, with a public address, and `lan`, with a host behind it. Nothing runs there yet. */
export class IdcSite {
  readonly name: string;
  readonly publicAddress: string;
  readonly lan: string;
  readonly lanAddress: string;
  readonly namespace: Namespace;
  readonly host: Host;

  constructor({ name, publicAddress, lanPrefix, sharedLan }: IdcSiteOptions, namespace: Namespace, host: Host) {
    this.name = name;
    this.publicAddress = publicAddress;
    this.lan = `${lanPrefix}.0/24`;
    this.lanAddress = sharedLan?.address ?? `${lanPrefix}.1`;
    this.namespace = namespace;
    this.host = host;
  }

  /** Sends these ranges into the tunnel: what the scenarios call "the IDC routes … into its tunnel". */
  async routeIntoTunnel(...ranges: readonly string[]): Promise<void> {
    await this.namespace.ip(...ranges.map((range) => `route replace ${range} dev ipsec0 src ${this.lanAddress}`));
  }
}

export async function createIdcSite(internet: Internet, options: IdcSiteOptions): Promise<IdcSite> {
  const namespace = await Namespace.create(options.netns, { forwards: true });
  await internet.attach(namespace, 'wan', options.publicAddress);
  const site = new IdcSite(options, namespace, await joinLan(options, namespace));
  await namespace.ip(`address add ${site.lanAddress}/24 dev lan`, 'link set lan up');
  return site;
}

/** Makes the device's `lan`, and the LAN where there is none. */
async function joinLan(options: IdcSiteOptions, namespace: Namespace): Promise<Host> {
  const { name, netns, lanPrefix, sharedLan, canary } = options;
  const far = { namespace, device: 'lan' };
  if (sharedLan === undefined) {
    const addresses = { address: `${lanPrefix}.10/24`, gateway: `${lanPrefix}.1` };
    return createHost({ name, netns: `${netns}-lan`, ...addresses, canary, far });
  }
  const port = netns.slice(0, 15);
  await connectNamespaces(far, { namespace: sharedLan.switch, device: port });
  await sharedLan.switch.ip(`link set ${port} master ${sharedLan.bridge} up`);
  return sharedLan.host;
}

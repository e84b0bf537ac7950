import { join } from 'node:path';
import { Charon, type PeerEsp } from './charon.ts';
import { createHost, type Host } from './host.ts';
import type { Internet } from './internet.ts';
import { Namespace } from './namespace.ts';
import { connectNamespaces } from './veth.ts';
import type { PeerConnection } from './swanctl-configuration.ts';

export interface IdcOptions {
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
  /** Where charon keeps its socket, configuration and log. */
  readonly directory: string;
  /** strongSwan's libipsec unless given; with `kernel` its connections need an if_id, which is 1. */
  readonly esp?: PeerEsp;
}

/** A LAN with several devices on it, in a namespace that is its switch. */
export interface SharedLan {
  readonly switch: Namespace;
  readonly bridge: string;
  readonly host: Host;
  /** The device's own on it, without prefix length. */
  readonly address: string;
}

/** An IDC: its IPsec device with a public address, and a LAN with one host behind it. */
export class IdcDevice {
  readonly name: string;
  readonly publicAddress: string;
  readonly lan: string;
  readonly namespace: Namespace;
  readonly charon: Charon;
  readonly host: Host;
  readonly lanAddress: string;
  readonly #ownsLan: boolean;

  private constructor(options: IdcOptions, namespace: Namespace, host: Host) {
    this.name = options.name;
    this.publicAddress = options.publicAddress;
    this.lan = `${options.lanPrefix}.0/24`;
    this.namespace = namespace;
    this.charon = new Charon(namespace, join(options.directory, options.netns), options.esp ?? 'libipsec');
    this.host = host;
    this.lanAddress = options.sharedLan?.address ?? `${options.lanPrefix}.1`;
    this.#ownsLan = options.sharedLan === undefined;
  }

  static async create(internet: Internet, options: IdcOptions): Promise<IdcDevice> {
    const namespace = await Namespace.create(options.netns, { forwards: true });
    await internet.attach(namespace, 'wan', options.publicAddress);
    const host = await joinLan(options, namespace);
    await namespace.ip(
      `address add ${options.sharedLan?.address ?? `${options.lanPrefix}.1`}/24 dev lan`,
      'link set lan up',
      // Ends the lookup before the route that kernel-libipsec installs behind the main table for 0.0.0.0/0.
      'route add unreachable default metric 4294967295',
    );
    if (options.esp === 'kernel')
      await namespace.ip('link add ipsec0 mtu 1400 type xfrm if_id 1', 'link set ipsec0 up');
    const device = new IdcDevice(options, namespace, host);
    await device.charon.start();
    return device;
  }

  /** Sends these ranges into the tunnel: what the scenarios call "the IDC routes … into its tunnel". */
  async routeIntoTunnel(...ranges: readonly string[]): Promise<void> {
    await this.namespace.ip(...ranges.map((range) => `route replace ${range} dev ipsec0 src ${this.lanAddress}`));
  }

  /** Brings a stopped or killed charon back with the given connections and ranges. */
  async restartCharon(connections: readonly PeerConnection[], ranges: readonly string[]): Promise<void> {
    await this.charon.start();
    await this.charon.load(connections);
    await this.routeIntoTunnel(...ranges);
  }

  async stop(): Promise<void> {
    await this.charon.stop();
    if (this.#ownsLan) await this.host.namespace.delete();
    await this.namespace.delete();
  }
}

/** Makes the device's `lan`, and the LAN where there is none. */
async function joinLan(options: IdcOptions, namespace: Namespace): Promise<Host> {
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

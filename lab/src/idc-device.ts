import { join } from 'node:path';
import type { CharonEsp } from '@landbridge/testbed/charon-process';
import { Charon } from './charon.ts';
import { createIdcSite, IdcSite, type IdcSiteOptions } from './idc-site.ts';
import type { Internet } from './internet.ts';
import type { PeerConnection } from './swanctl-configuration.ts';

export interface IdcOptions extends IdcSiteOptions {
  /** Where charon keeps its socket, configuration and log. */
  readonly directory: string;
  /** strongSwan's libipsec unless given; with `kernel` its connections need an if_id, which is 1. */
  readonly esp?: CharonEsp;
  /** Of its strongswan.conf(5). */
  readonly charonSettings?: readonly string[];
}

/** An IDC: its IPsec device with a public address, and a LAN with one host behind it. */
export class IdcDevice extends IdcSite {
  readonly charon: Charon;
  readonly #ownsLan: boolean;

  private constructor(options: IdcOptions, { namespace, host }: IdcSite) {
    super(options, namespace, host);
    this.charon = new Charon(namespace, join(options.directory, options.netns), options.esp ?? 'libipsec', {
      more: options.charonSettings ?? [],
    });
    this.#ownsLan = options.sharedLan === undefined;
  }

  static async create(internet: Internet, options: IdcOptions): Promise<IdcDevice> {
    const site = await createIdcSite(internet, options);
    // Ends the lookup before the route that kernel-libipsec installs behind the main table for 0.0.0.0/0.
    await site.namespace.ip('route add unreachable default metric 4294967295');
    if (options.esp === 'kernel')
      await site.namespace.ip('link add ipsec0 mtu 1400 type xfrm if_id 1', 'link set ipsec0 up');
    const device = new IdcDevice(options, site);
    await device.charon.start();
    return device;
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

import { join } from 'node:path';
import type { JsonObject } from '@landbridge/client';
import type { CreatedGateway } from './cloud.ts';
import type { Host } from './host.ts';
import { connectIdc, type IdcConnection } from './idc-connection.ts';
import type { IdcDevice } from './idc-device.ts';
import { Keepalived } from './keepalived.ts';
import { blockAll, endFault } from './path-faults.ts';
import type { Tenant } from './tenant.ts';

/** The LAN's default gateway: the address that the devices share. */
const lanGateway = '192.168.1.1';

/** One of the two devices with its tunnel, and what goes wrong with it. */
export class PairedDevice {
  readonly number: 1 | 2;
  readonly idc: IdcDevice;
  readonly tunnel: IdcConnection;
  readonly #keepalived: Keepalived;
  readonly #tenant: Tenant;

  constructor(number: 1 | 2, tunnel: IdcConnection, tenant: Tenant) {
    this.number = number;
    this.idc = tunnel.idc;
    this.tunnel = tunnel;
    this.#tenant = tenant;
    this.#keepalived = new Keepalived({
      namespace: this.idc.namespace,
      directory: join(tenant.lab.directory, `keepalived-${this.idc.namespace.name}`),
      priority: number === 1 ? 150 : 100,
      virtualAddress: `${lanGateway}/24`,
      probe: { from: probeAddresses(number).device, to: probeAddresses(number).gateway },
    });
  }

  /** Owns the address that the gateway probes, and tracks the tunnel by probing back. */
  async start(): Promise<void> {
    await this.#routeProbes();
    await this.#keepalived.start();
  }

  /** Power off: both lines go dead and every process dies, without a word to anybody. */
  async kill(): Promise<void> {
    await this.idc.namespace.ip('link set wan down', 'link set lan down');
    for (const pid of await this.idc.namespace.pids()) killIfAlive(pid);
    // Of a keepalived that was killed; a device that boots does not have it.
    if (await this.hasLanGateway()) await this.idc.namespace.ip(`address delete ${lanGateway}/24 dev lan`);
  }

  async revive(): Promise<void> {
    const { idc, tunnel } = this;
    await idc.namespace.ip('link set wan up', 'link set lan up');
    await idc.restartCharon([tunnel.peer], tunnel.cloudRanges);
    // As a device that boots: the other end does not know that its SAs are gone.
    await idc.charon.initiate(tunnel.peer.children[0]?.name ?? '');
    await this.start();
  }

  cutLine(): Promise<void> {
    return this.#tenant.lab.internet.setLine(this.idc.namespace, 'down');
  }

  mendLine(): Promise<void> {
    return this.#tenant.lab.internet.setLine(this.idc.namespace, 'up');
  }

  /** Drops everything from or to the cloud on the device, without a word to either end. */
  async drop(directions: readonly ('in' | 'out')[]): Promise<void> {
    await blockAll(this.idc.namespace, directions);
  }

  /** Also when nothing was dropped. */
  async dropNothing(): Promise<void> {
    await endFault(this.idc.namespace);
  }

  /** Closes the SAs, tells the cloud, and refuses it from then on. */
  async deleteSas(): Promise<void> {
    await this.idc.charon.load([]);
    await this.idc.charon.terminate(this.tunnel.peer.name);
  }

  async acceptSas(): Promise<void> {
    await this.idc.charon.load([this.tunnel.peer]);
  }

  async removeProbeTarget(): Promise<void> {
    await this.idc.namespace.ip(`address delete ${probeAddresses(this.number).device}/32 dev lo`);
  }

  restoreProbeTarget(): Promise<void> {
    return this.#routeProbes();
  }

  async hasLanGateway(): Promise<boolean> {
    const [lan] = await this.idc.namespace.ipJson('address', 'show', 'dev', 'lan');
    const addresses = (lan?.['addr_info'] ?? []) as readonly { readonly local?: string }[];
    return addresses.some(({ local }) => local === lanGateway);
  }

  /** The LAN no longer hears of it: whoever has the default gateway's address keeps it. */
  stop(): Promise<void> {
    return this.#keepalived.stop();
  }

  async #routeProbes(): Promise<void> {
    const { device, gateway } = probeAddresses(this.number);
    await this.idc.namespace.ip(
      `address replace ${device}/32 dev lo`,
      `route replace ${gateway}/32 dev ipsec0 src ${device}`,
    );
  }
}

/** The cloud's side of the two tunnels, whatever the gateway belongs to. */
export interface CloudSide {
  readonly gateway: CreatedGateway;
  /** Empty for a gateway of type CCN. */
  readonly vpcId: string;
  /** What the IDC sends into its tunnels. */
  readonly ranges: readonly string[];
  readonly hosts: readonly [Host, ...Host[]];
}

/**
 * IDC-1 of docs/spec/scenarios.md section 0 with two devices, 203.0.113.11 and .21, that share 192.168.1.1 on its LAN
 * by VRRP.
 */
export class IdcPair {
  readonly host: Host;
  readonly first: PairedDevice;
  readonly second: PairedDevice;

  constructor(host: Host, first: PairedDevice, second: PairedDevice) {
    this.host = host;
    this.first = first;
    this.second = second;
  }

  /** Whether the LAN's default gateway is device n, and the other one is not. */
  async isLanPath(n: 1 | 2): Promise<boolean> {
    const [first, second] = await Promise.all([this.first.hasLanGateway(), this.second.hasLanGateway()]);
    return first === (n === 1) && second === (n === 2);
  }
}

export interface IdcPairOptions {
  /** Where the tunnel of device n leads to; both may lead to the same. */
  readonly side: (n: 1 | 2) => Omit<CloudSide, 'hosts'>;
  /** What CreateVpnConnection of device n gets in addition. */
  readonly healthCheck: (n: 1 | 2) => JsonObject;
}

export async function createIdcPair(tenant: Tenant, { side, healthCheck }: IdcPairOptions): Promise<IdcPair> {
  const { lab } = tenant;
  const lan = await lab.createNode('idc1-sw');
  await lan.ip('link add lan type bridge mcast_snooping 0', 'link set lan up');
  const far = { namespace: lan, device: 'host' };
  const addresses = { address: '192.168.1.10/24', gateway: lanGateway };
  const host = await lab.createHost({ name: 'IDC-1', netns: lab.netns('idc1-lan'), ...addresses, far });
  await lan.ip('link set host master lan up');
  const device = async (n: 1 | 2): Promise<PairedDevice> => {
    const idc = await lab.createIdc(1, {
      name: `IDC-1 device ${n}`,
      netns: lab.netns(n === 1 ? 'idc1' : 'idc1b'),
      publicAddress: lab.publicAddress(n === 1 ? 1 : 11),
      sharedLan: { switch: lan, bridge: 'lan', host, address: `192.168.1.${n + 1}` },
    });
    const { vpcId, gateway, ranges } = side(n);
    const tunnel = await connectIdc(tenant, { gateway, vpcId, idc, cloudRanges: ranges, more: healthCheck(n) });
    return new PairedDevice(n, tunnel, tenant);
  };
  const pair = new IdcPair(host, await device(1), await device(2));
  await Promise.all([pair.first.start(), pair.second.start()]);
  lab.onStop(async () => {
    await Promise.all([pair.first.stop(), pair.second.stop()]);
  });
  return pair;
}

/** Neighbours, as the service proposes them. */
export function probeAddresses(n: 1 | 2): { readonly gateway: string; readonly device: string } {
  return n === 1
    ? { gateway: '169.254.128.1', device: '169.254.128.2' }
    : { gateway: '169.254.128.5', device: '169.254.128.6' };
}

function killIfAlive(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone meanwhile.
  }
}

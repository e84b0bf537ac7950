import { join } from 'node:path';
import type { JsonObject } from '@landbridge/client';
import type { CreatedGateway } from './cloud.ts';
import { createHost, type Host } from './host.ts';
import { connectIdc, type IdcConnection } from './idc-connection.ts';
import type { IdcDevice } from './idc-device.ts';
import { Keepalived } from './keepalived.ts';
import { Namespace } from './namespace.ts';
import type { World } from './world.ts';

/** One of the two devices with its tunnel, and what goes wrong with it. */
export class PairedDevice {
  readonly number: 1 | 2;
  readonly idc: IdcDevice;
  readonly tunnel: IdcConnection;
  readonly #keepalived: Keepalived;
  readonly #world: World;

  constructor(number: 1 | 2, tunnel: IdcConnection, world: World) {
    this.number = number;
    this.idc = tunnel.idc;
    this.tunnel = tunnel;
    this.#world = world;
    this.#keepalived = new Keepalived({
      namespace: this.idc.namespace,
      directory: join(world.lab.directory, `keepalived-${number}`),
      priority: number === 1 ? 150 : 100,
      virtualAddress: '192.168.1.1/24',
      probe: { from: probeAddresses(number).device, to: probeAddresses(number).gateway },
    });
  }

  /** Owns the address that the gateway probes, and tracks the tunnel by probing back. */
  async start(): Promise<void> {
    await this.#routeProbes();
    await this.#keepalived.start();
  }

  /** Power off: every process dies at once, both lines go dead. */
  async kill(): Promise<void> {
    for (const pid of await this.idc.namespace.pids()) killIfAlive(pid);
    await this.idc.namespace.ip('link set wan down', 'link set lan down');
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
    return this.#world.lab.internet.setLine(this.idc.namespace, 'down');
  }

  mendLine(): Promise<void> {
    return this.#world.lab.internet.setLine(this.idc.namespace, 'up');
  }

  /** Drops everything from or to the cloud on the device, without a word to either end. */
  async drop(directions: readonly ('in' | 'out')[]): Promise<void> {
    const chains = directions.map((direction) =>
      direction === 'in'
        ? 'chain in { type filter hook prerouting priority -300; iifname "wan" drop; }'
        : 'chain out { type filter hook postrouting priority 300; oifname "wan" drop; }',
    );
    await this.idc.namespace.runChecked(['nft', '-f', '-'], { input: `table inet fault {\n${chains.join('\n')}\n}\n` });
  }

  async dropNothing(): Promise<void> {
    await this.idc.namespace.runChecked(['nft', 'delete', 'table', 'inet', 'fault']);
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

export interface IdcPair {
  readonly host: Host;
  readonly first: PairedDevice;
  readonly second: PairedDevice;
}

export interface IdcPairOptions {
  /** Empty for gateways of a CCN. */
  readonly vpcId: string;
  /** Of device n; both may have the same. */
  readonly gateway: (n: 1 | 2) => CreatedGateway;
  /** What CreateVpnConnection of device n gets in addition. */
  readonly healthCheck: (n: 1 | 2) => JsonObject;
}

/** IDC-1 of spec/scenarios.md with two devices, 203.0.113.11 and .21, that share 192.168.1.1 on its LAN by VRRP. */
export async function createIdcPair(world: World, { vpcId, gateway, healthCheck }: IdcPairOptions): Promise<IdcPair> {
  const { lab } = world;
  const lan = await Namespace.create('lab-idc1-sw');
  await lan.ip('link add lan type bridge mcast_snooping 0', 'link set lan up');
  const far = { namespace: lan, device: 'host' };
  const addresses = { address: '192.168.1.10/24', gateway: '192.168.1.1' };
  const host = await createHost({ name: 'IDC-1', netns: 'lab-idc1-lan', ...addresses, far });
  await lan.ip('link set host master lan up');
  const device = async (n: 1 | 2): Promise<PairedDevice> => {
    const idc = await lab.createIdc(1, {
      name: `IDC-1 device ${n}`,
      netns: n === 1 ? 'lab-idc1' : 'lab-idc1b',
      publicAddress: `203.0.113.${n}1`,
      sharedLan: { switch: lan, bridge: 'lan', host, address: `192.168.1.${n + 1}` },
    });
    const cloudRanges = ['10.0.0.0/16'];
    const tunnel = await connectIdc(world, { gateway: gateway(n), vpcId, idc, cloudRanges, more: healthCheck(n) });
    return new PairedDevice(n, tunnel, world);
  };
  const pair = { host, first: await device(1), second: await device(2) };
  await Promise.all([pair.first.start(), pair.second.start()]);
  lab.onStop(async () => {
    await Promise.all([pair.first.stop(), pair.second.stop()]);
    await host.namespace.delete();
    await lan.delete();
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

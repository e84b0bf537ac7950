import { connectCharon, type Charon } from '@landbridge/vici';
import { CharonProcess } from '@landbridge/testbed/charon-process';
import { patience, poll } from '@landbridge/testbed/poll';
import { PrivateNetnsFolder } from '@landbridge/testbed/private-netns-folder';
import { runChecked } from '@landbridge/testbed/run-command';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Kernel } from '../src/drivers/kernel.ts';
import { privateKernel } from './private-kernel.ts';

/**
 * For tests that need root: a namespace that plays the host, with a bridge `uplink` (198.51.100.1) and on it the peers
 * (198.51.100.2 …), each an unmodified charon with strongSwan's own user-space ESP. Their
 * named namespaces are seen by the test only.
 */
export class TestNetwork implements AsyncDisposable {
  readonly hostNetns: string;
  /** Where a server under test may keep its data. */
  readonly dataDir: string;
  readonly folder: PrivateNetnsFolder;
  readonly kernel: Kernel;
  readonly #peers: TestPeer[] = [];

  private constructor(folder: PrivateNetnsFolder, dataDir: string) {
    this.folder = folder;
    this.hostNetns = 'lbt-host';
    this.dataDir = dataDir;
    this.kernel = privateKernel(folder, this.hostNetns);
  }

  static async create(): Promise<TestNetwork> {
    const network = new TestNetwork(await PrivateNetnsFolder.create(), await mkdtemp('/tmp/lbt-'));
    await network.run(['ip', 'netns', 'add', network.hostNetns]);
    await network.ip(network.hostNetns, [
      'link set lo up',
      'link add uplink type bridge',
      'link set uplink up',
      'address add 198.51.100.1/24 dev uplink',
    ]);
    return network;
  }

  async addPeer(lan: string): Promise<TestPeer> {
    const index = this.#peers.length;
    const netns = `lbt-peer${index}`;
    await this.run(['ip', 'netns', 'add', netns]);
    await this.ip(this.hostNetns, [
      `link add p${index} type veth peer name outer netns ${netns}`,
      `link set p${index} master uplink up`,
    ]);
    await this.ip(netns, [
      'link set lo up',
      'link set outer up',
      `address add 198.51.100.${index + 2}/24 dev outer`,
      'route add 203.0.113.0/24 via 198.51.100.1',
      `address add ${lan} dev lo`,
      'route add unreachable default metric 4294967295',
    ]);
    const peer = new TestPeer(this, netns, `198.51.100.${index + 2}`, lan, join(this.dataDir, `peer${index}`));
    this.#peers.push(peer);
    await peer.start();
    return peer;
  }

  /** True when the address answers one of three pings from inside the namespace. */
  async pings(netns: string, from: string, to: string): Promise<boolean> {
    const argv = ['ping', '-q', '-c', '3', '-i', '0.2', '-W', String(patience), '-I', from, to];
    return this.run(['nsenter', `--net=/run/netns/${netns}`, ...argv]).then(
      () => true,
      () => false,
    );
  }

  run(argv: readonly string[], input?: string): Promise<string> {
    return runChecked(this.folder.enter(argv), { within: 20_000, ...(input !== undefined && { input }) });
  }

  async ip(netns: string, lines: readonly string[]): Promise<void> {
    await this.run(['ip', '-n', netns, '-batch', '-'], `${lines.join('\n')}\n`);
  }

  /** Throws when named namespaces are left that are not the network's own. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const peer of this.#peers) await peer.stop('SIGKILL');
    for (const netns of [...this.#peers.map((peer) => peer.netns), this.hostNetns]) {
      await this.run(['ip', 'netns', 'delete', netns]);
    }
    const left = this.folder.list();
    this.folder[Symbol.dispose]();
    await rm(this.dataDir, { recursive: true, force: true });
    if (left.length > 0) throw new Error(`namespaces left: ${left.join(', ')}`);
  }
}

export class TestPeer {
  readonly netns: string;
  readonly address: string;
  readonly #network: TestNetwork;
  readonly #lan: string;
  readonly #process: CharonProcess;
  #charon: Charon | null = null;

  constructor(network: TestNetwork, netns: string, address: string, lan: string, directory: string) {
    this.#network = network;
    this.netns = netns;
    this.address = address;
    this.#lan = lan;
    this.#process = new CharonProcess({
      ...{ name: netns, directory, esp: 'libipsec' },
      enter: (argv) => network.folder.enter(['nsenter', `--net=/run/netns/${netns}`, '--', ...argv]),
      settings: ['retransmit_timeout = 1', 'retransmit_tries = 3'],
    });
  }

  get charon(): Charon {
    if (this.#charon === null) throw new Error('the peer is not running');
    return this.#charon;
  }

  async start(): Promise<void> {
    await this.#process.start();
    this.#charon = await connectCharon(this.#process.socket);
    const devices = () => this.#network.run(['ip', '-n', this.netns, 'link']);
    await poll(`devices of ${this.netns}`, devices, (text) => text.includes('ipsec0'), { within: 15_000 });
  }

  /** Answers one tunnel of the gateway 203.0.113.1. */
  async load(options: {
    readonly preSharedKey: string;
    readonly localTs?: string;
    readonly espProposal?: string;
    readonly version?: 1 | 2;
    readonly ikeProposal?: string;
  }): Promise<void> {
    await this.charon.loadShared({
      id: 'psk',
      type: 'IKE',
      data: options.preSharedKey,
      owners: [this.address, '203.0.113.1'],
    });
    await this.charon.loadConn('cloud', {
      version: options.version ?? 2,
      localAddrs: [this.address],
      remoteAddrs: ['203.0.113.1'],
      local: { auth: 'psk', id: this.address },
      remote: { auth: 'psk', id: '203.0.113.1' },
      proposals: [options.ikeProposal ?? 'aes128-sha256-ecp256'],
      encap: true,
      mobike: false,
      dpdDelaySeconds: 5,
      children: {
        net: {
          localTs: [options.localTs ?? '0.0.0.0/0'],
          remoteTs: ['0.0.0.0/0'],
          espProposals: [options.espProposal ?? 'aes128gcm16'],
          replayWindow: 2048,
        },
      },
    });
    await this.#network.ip(this.netns, [`route replace 10.0.0.0/16 dev ipsec0 src ${this.#lan.split('/')[0] ?? ''}`]);
  }

  async stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    this.#charon?.close();
    this.#charon = null;
    await this.#process.end(signal);
  }
}

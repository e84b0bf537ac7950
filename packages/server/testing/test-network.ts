import { connectCharon, type Charon } from '@landbridge/vici';
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PrivateNetnsFolder } from './private-netns-folder.ts';

/** Multiplies every deadline; more than 1 on a machine that is slow by nature, such as an emulated one. */
export const patience = Number(process.env['LANDBRIDGE_LAB_PATIENCE'] ?? 1);

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
  readonly #peers: TestPeer[] = [];

  private constructor(folder: PrivateNetnsFolder, dataDir: string) {
    this.folder = folder;
    this.hostNetns = 'lbt-host';
    this.dataDir = dataDir;
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
    return this.folder.commands.run(argv, { timeoutMs: 20_000 * patience, ...(input !== undefined && { input }) });
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
  readonly #directory: string;
  #child: ReturnType<typeof spawn> | null = null;
  #charon: Charon | null = null;

  constructor(network: TestNetwork, netns: string, address: string, lan: string, directory: string) {
    this.#network = network;
    this.netns = netns;
    this.address = address;
    this.#lan = lan;
    this.#directory = directory;
  }

  get charon(): Charon {
    if (this.#charon === null) throw new Error('the peer is not running');
    return this.#charon;
  }

  async start(): Promise<void> {
    await mkdir(this.#directory, { recursive: true });
    const socket = join(this.#directory, 'vici.sock');
    await rm(socket, { force: true });
    const configuration = join(this.#directory, 'strongswan.conf');
    await writeFile(configuration, peerConfiguration(socket, join(this.#directory, 'log')));
    const script = 'mount -t tmpfs tmpfs /run && exec /usr/lib/ipsec/charon';
    const inside = ['nsenter', `--net=/run/netns/${this.netns}`, 'unshare', '--mount', 'sh', '-c', script];
    const [file, ...argv] = this.#network.folder.enter(inside);
    this.#child = spawn(file, argv, {
      env: { PATH: process.env['PATH'], STRONGSWAN_CONF: configuration },
      stdio: 'ignore',
    });
    this.#charon = await until(() => connectCharon(socket).catch(() => null));
    await until(async () =>
      (await this.#network.run(['ip', '-n', this.netns, 'link'])).includes('ipsec0') ? true : null,
    );
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

  async stop(signal: NodeJS.Signals): Promise<void> {
    this.#charon?.close();
    this.#charon = null;
    const child = this.#child;
    this.#child = null;
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await ended;
  }
}

/** Asks until the answer is neither null nor false. */
export async function until<T>(ask: () => Promise<T | null | false> | T | null | false, withinMs = 15_000): Promise<T> {
  const end = performance.now() + withinMs * patience;
  for (;;) {
    const answer = await ask();
    if (answer !== null && answer !== false) return answer;
    if (performance.now() > end) throw new Error(`not within ${withinMs * patience} ms: ${ask.toString()}`);
    await sleep(20 * patience);
  }
}

function peerConfiguration(socket: string, log: string): string {
  return `charon {
  load_modular = no
  load = random nonce openssl kdf gmp drbg aes sha1 sha2 md5 hmac gcm vici kernel-libipsec kernel-netlink socket-default
  install_routes = no
  install_virtual_ip = no
  routing_table = 220
  routing_table_prio = 40000
  retransmit_timeout = 1
  retransmit_tries = 3
  plugins {
    kernel-libipsec {
      allow_peer_ts = yes
    }
    vici {
      socket = unix://${socket}
    }
  }
  filelog {
    main {
      path = ${log}
      flush_line = yes
      default = 1
    }
  }
}
`;
}

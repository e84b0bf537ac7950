import { patience, poll } from '@landbridge/testbed/poll';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ObservedState } from '../domain/operator/observed-state.ts';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import { chooseDataPlane, probeHost } from '../drivers/host-capabilities.ts';
import { binaries } from '../drivers/installed-binaries.ts';
import type { Netnsd } from '../drivers/netnsd.ts';
import type { ConnectionPlan, IssuedPlan, PlanKey } from '../plan/plan.ts';
import { systemClock } from '../platform/clock.ts';
import type { Commands } from '../platform/commands.ts';
import { createAgent, type Agent } from './agent.ts';
import { sampleGatewayPlan, sampleHostPlan, sampleIds, sampleVpcPlan } from '../../testing/sample-plans.ts';
import { TestNetwork, type TestPeer } from '../../testing/test-network.ts';

/*
 * These tests need root: they make network namespaces, in a /run/netns of their own, and start real charons and uxfrm
 * in them. They run on every data plane that this host has (or those of LANDBRIDGE_TEST_DATA_PLANES), and are skipped only for other
 * users.
 */
type Plane = 'kernel' | 'uxfrm';
const host = await probeHost(binaries);
const asked = process.env['LANDBRIDGE_TEST_DATA_PLANES'] ?? 'kernel,uxfrm';
const planes = (['kernel', 'uxfrm'] as const).filter(isPossible);

function isPossible(plane: Plane): boolean {
  try {
    return asked.includes(plane) && chooseDataPlane(host, plane).name === plane;
  } catch {
    return false;
  }
}

const canary = 'Canary-pre-shared-key-7f3a';

/** A control plane with hand-written plans, in a network of its own. */
class Bench {
  readonly network: TestNetwork;
  readonly ids;
  readonly dataPlane: Plane;
  readonly plans = new Map<PlanKey, IssuedPlan>();
  readonly writes: string[] = [];
  readonly keys = new Map<VpnConnectionId, string>();
  readonly logLines: string[] = [];
  observed = new ObservedState();
  #agent: Agent | null = null;
  #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(network: TestNetwork, dataPlane: Plane, tunnels: number) {
    this.network = network;
    this.dataPlane = dataPlane;
    this.ids = sampleIds('root', tunnels);
    this.plan(tunnels, 1);
  }

  get gatewayNetns(): string {
    return `lb-${this.ids.gateway}`;
  }

  get agent(): Agent {
    if (this.#agent === null) throw new Error('the agent is not running');
    return this.#agent;
  }

  plan(tunnels: number, generation: number, patch: Partial<ConnectionPlan> = {}): void {
    const ids = { ...this.ids, tunnels: this.ids.tunnels.slice(0, tunnels) };
    const gateway = sampleGatewayPlan(ids, generation);
    const [first, ...others] = gateway.charon?.connections ?? [];
    const connections = first === undefined ? [] : [{ ...first, ...patch }, ...others];
    this.plans.set('host', sampleHostPlan(ids));
    this.plans.set(ids.vpc, sampleVpcPlan(ids));
    this.plans.set(ids.gateway, { ...gateway, charon: { connections } });
  }

  start(): void {
    const { network } = this;
    const recording: Commands = {
      start: (argv, options) => network.kernel.commands.start(argv, options),
      run: (argv, options) => {
        const text = argv.join(' ');
        if (text.includes('-force')) this.writes.push(`${text}\n${options?.input ?? ''}`);
        return network.kernel.commands.run(argv, options);
      },
    };
    const { netnsd } = network.kernel;
    const recordingNetnsd: Netnsd = {
      show: (...request) => netnsd.show(...request),
      look: (...request) => netnsd.look(...request),
      listNft: (...request) => netnsd.listNft(...request),
      readSysctls: (...request) => netnsd.readSysctls(...request),
      watch: (...request) => netnsd.watch(...request),
      expect: (...request) => netnsd.expect(...request),
      add: (name, ...request) => {
        this.writes.push(`netns add ${name}`);
        return netnsd.add(name, ...request);
      },
      remove: (name, ...request) => {
        this.writes.push(`netns delete ${name}`);
        return netnsd.remove(name, ...request);
      },
      change: (netns, lines, signal) => {
        this.writes.push(...lines);
        return netnsd.change(netns, lines, signal);
      },
      runNft: (netns, script, signal) => {
        this.writes.push(script);
        return netnsd.runNft(netns, script, signal);
      },
      writeSysctls: (netns, values, signal) => {
        this.writes.push(...values.map((value) => value.join(' ')));
        return netnsd.writeSysctls(netns, values, signal);
      },
    };
    this.#stop = new AbortController();
    this.#agent = createAgent({
      source: {
        planFor: (key) => Promise.resolve(this.plans.get(key)),
        listKeys: () => Promise.resolve([...this.plans.keys()]),
        preSharedKey: (id) => Promise.resolve(this.keys.get(id) ?? canary),
        preSharedKeyDigest: (id) => Promise.resolve(`digest of ${(this.keys.get(id) ?? canary).length}`),
      },
      observed: this.observed,
      dataDir: this.network.dataDir,
      dataPlane: this.dataPlane,
      espAlwaysInUdp: this.dataPlane === 'uxfrm',
      binaries,
      pathMtu: 1500,
      clock: systemClock,
      logger: pino({ level: 'debug' }, { write: (line: string) => this.logLines.push(line) }),
      kernel: { ...network.kernel, commands: recording, netnsd: recordingNetnsd },
    });
    this.#running = this.#agent.run(this.#stop.signal);
  }

  async stop(): Promise<void> {
    this.#stop.abort(new Error('test ends'));
    await this.#running;
    this.observed = new ObservedState();
  }

  async apply(): Promise<void> {
    this.agent.enqueue(this.plans.keys());
    await this.agent.idle(AbortSignal.timeout(15_000 * patience));
    expect(this.observed.outcomes().filter(({ error }) => error !== null)).toEqual([]);
  }

  async removeAll(): Promise<void> {
    const keys: PlanKey[] = ['host', this.ids.vpc, this.ids.gateway];
    this.plans.clear();
    this.plans.set('host', { ...sampleHostPlan(this.ids), links: [], routes: [], proxies: [], sysctls: {} });
    this.agent.enqueue(keys);
    await this.agent.idle(AbortSignal.timeout(15_000 * patience));
  }

  isConnected(index: number): boolean {
    const id = this.ids.tunnels[index];
    return id !== undefined && this.observed.tunnel(id).sas?.connected === true;
  }

  /** Waits until these tunnels are connected. */
  async connects(...indexes: readonly number[]): Promise<void> {
    const are = () => indexes.map((index) => this.isConnected(index));
    await poll(`tunnels ${indexes.join()} are connected`, are, (all) => !all.includes(false), { within: 15_000 });
  }

  async disconnects(...indexes: readonly number[]): Promise<void> {
    const are = () => indexes.map((index) => this.isConnected(index));
    await poll(`tunnels ${indexes.join()} are not connected`, are, (all) => !all.includes(true), { within: 1000 });
  }

  /** Waits until a ping from the gateway gets through a tunnel to this address. */
  async reaches(address: string): Promise<void> {
    const pings = () => this.network.pings(this.gatewayNetns, '10.0.1.1', address);
    await poll(`${address} answers`, pings, Boolean, { within: 15_000 });
  }

  /** Of charon, and of uxfrm where there is one. */
  pids(): number[] {
    return [this.pidOf('charon'), ...(this.dataPlane === 'uxfrm' ? [this.pidOf('uxfrm')] : [])];
  }

  pidOf(daemon: 'charon' | 'uxfrm'): number {
    return Number(readFileSync(`${this.network.dataDir}/run/${this.ids.gateway}/${daemon}.pid`, 'utf8'));
  }
}

/** Processes that carry the mark of a daemon of this test. */
function daemonsLeft(dataDir: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`LANDBRIDGE_DAEMON=${dataDir}`);
    } catch {
      return false;
    }
  });
}

describe.skipIf(planes.length === 0).each(planes.length === 0 ? (['uxfrm'] as const) : planes)(
  'the agent on real namespaces, data plane %s',
  { timeout: 60_000 * patience },
  (dataPlane) => {
    let network: TestNetwork;
    let bench: Bench;
    let peers: TestPeer[];

    beforeAll(async () => {
      network = await TestNetwork.create();
      bench = new Bench(network, dataPlane, 2);
      peers = [await network.addPeer('10.8.0.1/24'), await network.addPeer('10.9.0.1/24')];
      for (const peer of peers) await peer.load({ preSharedKey: canary });
      bench.plan(0, 1);
      bench.start();
    }, 300_000 * patience);

    afterAll(async () => {
      await bench.removeAll();
      expect(bench.observed.outcomes().map(({ key, error }) => ({ key, error }))).toEqual([
        { key: 'host', error: null },
      ]);
      expect(await network.run(['ip', '-n', network.hostNetns, 'neigh', 'show', 'proxy'])).toBe('');
      expect(await network.run(['ip', '-n', network.hostNetns, 'route'])).not.toContain('203.0.113');
      expect(await network.run(['ip', '-n', network.hostNetns, 'link'])).not.toContain('vpngw-');
      await bench.stop();
      expect(daemonsLeft(bench.network.dataDir)).toEqual([]);
      expect(existsSync(`${bench.network.dataDir}/run/${bench.ids.gateway}`)).toBe(false);
      await bench.network[Symbol.asyncDispose]();
    }, 60_000 * patience);

    it('makes a gateway from nothing, and a second time writes nothing', async () => {
      await bench.agent.idle(AbortSignal.timeout(15_000 * patience));
      expect(bench.observed.outcome(bench.ids.gateway)).toMatchObject({ appliedGeneration: 1, error: null });
      bench.writes.length = 0;
      await bench.apply();
      expect(bench.writes).toEqual([]);
      expect(await network.run(['ip', '-n', bench.network.hostNetns, 'neigh', 'show', 'proxy'])).toContain(
        '203.0.113.1 dev uplink proxy proto 76',
      );
    });

    it('brings tunnels up that carry packets', async () => {
      for (const tunnels of [1, 2]) {
        bench.plan(tunnels, 1 + tunnels);
        await bench.apply();
        await bench.connects(tunnels - 1);
        await bench.reaches(`10.${7 + tunnels}.0.1`);
      }
      expect(bench.isConnected(0)).toBe(true);
      bench.writes.length = 0;
      await bench.apply();
      expect(bench.writes).toEqual([]);
    });

    it('changes one tunnel without touching the other', async () => {
      const before = await peers[1]?.charon.listSas();
      bench.plan(2, 4, { epoch: 1 });
      await bench.apply();
      await bench.connects(0);
      const after = await peers[1]?.charon.listSas();
      expect(
        after?.map(({ uniqueId, childSas }) => [uniqueId, childSas.map((child) => child.installed?.spiIn)]),
      ).toEqual(before?.map(({ uniqueId, childSas }) => [uniqueId, childSas.map((child) => child.installed?.spiIn)]));
      expect(await network.pings(bench.gatewayNetns, '10.0.1.1', '10.8.0.1')).toBe(true);
    });

    it('says why a tunnel does not come up, and takes a new key', async () => {
      const [id] = bench.ids.tunnels;
      bench.keys.set(id!, 'another key');
      await bench.apply();
      const reason = () => bench.observed.tunnel(id!).sas?.lastError;
      const isRefused = (text?: string | null) => text?.startsWith('Authentication refused') === true;
      await poll('the peer refuses', reason, isRefused, { within: 15_000 });
      expect(bench.isConnected(0)).toBe(false);
      expect(bench.isConnected(1)).toBe(true);
      bench.keys.delete(id!);
      await bench.apply();
      await bench.connects(0);
      expect(bench.observed.tunnel(id!).sas?.lastError).toBeNull();
    });

    it('adopts everything after a restart of the control plane', async () => {
      const pids = bench.pids();
      const sas = JSON.stringify((await peers[0]?.charon.listSas())?.map(({ initiatorSpi }) => initiatorSpi));
      await bench.stop();
      expect(await network.pings(bench.gatewayNetns, '10.0.1.1', '10.8.0.1')).toBe(true);
      bench.writes.length = 0;
      bench.start();
      await bench.agent.idle(AbortSignal.timeout(15_000 * patience));
      await bench.connects(0, 1);
      expect(bench.writes).toEqual([]);
      expect(bench.pids()).toEqual(pids);
      expect(JSON.stringify((await peers[0]?.charon.listSas())?.map(({ initiatorSpi }) => initiatorSpi))).toBe(sas);
    });

    it('replaces a charon that died while packets flow on', async () => {
      const [, uxfrm] = bench.pids();
      process.kill(bench.pidOf('charon'), 'SIGKILL');
      await bench.disconnects(0, 1);
      // The kernel takes ESP out of UDP only while charon has its socket open: answers wait until the next one has.
      if (dataPlane === 'kernel') await bench.reaches('10.8.0.1');
      else expect(await network.pings(bench.gatewayNetns, '10.0.1.1', '10.8.0.1')).toBe(true);
      await bench.connects(0, 1);
      expect(bench.pids()[1]).toBe(uxfrm);
    });

    it.runIf(dataPlane === 'uxfrm')('replaces both when uxfrm died, and keeps devices and routes', async () => {
      const index = async () => {
        const line = await network.run(['ip', '-n', bench.gatewayNetns, '-o', 'link', 'show', bench.ids.tunnels[0]!]);
        return line.split(':')[0];
      };
      const before = await index();
      process.kill(bench.pidOf('uxfrm'), 'SIGKILL');
      await bench.disconnects(0);
      await bench.connects(0, 1);
      expect(await index()).toBe(before);
      await bench.reaches('10.8.0.1');
    });

    it('repairs what somebody changed', async () => {
      await network.ip(bench.gatewayNetns, [
        'route delete 10.8.0.0/16 table 100',
        'rule add priority 7 lookup 77',
        'route add 10.66.0.0/16 dev wan',
        'address add 192.0.2.7/32 dev wan',
        `link delete ${bench.ids.tunnels[1]!}`,
      ]);
      await network.run([
        'nsenter',
        `--net=/run/netns/${bench.gatewayNetns}`,
        'nft',
        'delete',
        'table',
        'inet',
        'landbridge',
      ]);
      await bench.apply();
      const rules = await network.run(['ip', '-n', bench.gatewayNetns, 'rule']);
      expect(rules).not.toContain('lookup 77');
      expect(await network.run(['ip', '-n', bench.gatewayNetns, 'route', 'show', 'table', 'all'])).not.toContain(
        '10.66',
      );
      for (const address of ['10.8.0.1', '10.9.0.1']) {
        await bench.reaches(address);
      }
    });

    it('repairs within two seconds what somebody changed, without being told by us', async () => {
      const inside = (...argv: readonly string[]) =>
        network.run(['nsenter', `--net=/run/netns/${bench.gatewayNetns}`, '--', ...argv]);
      const isBack = (what: string, read: () => Promise<string>, wanted: string) =>
        poll(`${what} is back`, read, (text) => text.includes(wanted), { within: 2000, every: 20 });
      const ruleset = () => inside('nft', 'list', 'ruleset');
      const forwarding = () => inside('sysctl', '-n', 'net.ipv4.ip_forward');
      const wan = () => inside('ip', 'address', 'show', 'wan').catch(() => '');
      const routes = () => inside('ip', 'route', 'show', 'table', '100');
      // What came with the last plan has been told.
      await bench.apply();
      for (let round = 0; round < 2; round++) {
        await inside('nft', 'flush', 'ruleset');
        await isBack('the packet filter', ruleset, 'policy drop');
        await inside('sysctl', '-qw', 'net.ipv4.ip_forward=0');
        await isBack('forwarding', forwarding, '1');
        await inside('ip', 'link', 'delete', 'wan');
        await isBack('the interface', wan, '203.0.113.1/32');
        await inside('ip', 'route', 'delete', '10.8.0.0/16', 'table', '100');
        await isBack('the route', routes, '10.8.0.0/16');
        await network.run(['ip', 'netns', 'delete', `lb-${bench.ids.vpc}`]);
        await isBack('the network side', () => inside('ip', 'link', 'show').catch(() => ''), bench.ids.vpc);
      }
      await bench.connects(0, 1);
      for (const address of ['10.8.0.1', '10.9.0.1']) await bench.reaches(address);
      // Nobody goes on repairing what is in order.
      await bench.agent.idle(AbortSignal.timeout(15_000 * patience));
      bench.writes.length = 0;
      await expect(poll('somebody writes', () => bench.writes.length, Boolean, { within: 1500 / patience })).rejects.toThrow(); // prettier-ignore
    });

    it('sends by the new SA of a restarted peer, and bounds what it leaves', async () => {
      const installed = async () => {
        const socket = `${bench.network.dataDir}/run/${bench.ids.gateway}/ike/vici`;
        const text = await network.run(['swanctl', '--list-sas', '--uri', `unix://${socket}`]);
        const ids = [...text.matchAll(/^  (vpnx-\w+): (#\d+), .*INSTALLED/gm)];
        return ids.filter(([, name]) => name === bench.ids.tunnels[0]).map(([, , id]) => id);
      };
      const before = await installed();
      expect(before).toHaveLength(1);
      // Five lives of the peer, each of which forgets the one before.
      for (let life = 2; life <= 6; life += 1) {
        await peers[0]!.stop('SIGKILL');
        await peers[0]!.start();
        await peers[0]!.load({ preSharedKey: canary });
        await peers[0]!.charon.initiate({ ike: 'cloud', child: 'net', timeoutMs: 5000 * patience });
        await bench.reaches('10.8.0.1');
      }
      // Of what is equal at most four are kept until dead peer detection finds them out; the oldest go.
      const left = await poll('at most four are left', installed, (now) => now.length <= 4, { within: 15_000 });
      expect(left).not.toContain(before[0]);
      expect(bench.isConnected(0)).toBe(true);
      await bench.reaches('10.8.0.1');
    });

    it('negotiates on traffic only when it is asked to', async () => {
      bench.plan(2, 9, { negotiation: 'on-traffic' });
      await bench.apply();
      await systemClock.delay(2500);
      expect(bench.isConnected(0)).toBe(false);
      await bench.reaches('10.8.0.1');
      await bench.connects(0);
      bench.plan(2, 10);
      await bench.apply();
      await bench.connects(0);
    });

    it('attaches a host interface to the VPC and gives it back', async () => {
      const plan = sampleVpcPlan(bench.ids);
      await network.ip(bench.network.hostNetns, [
        'link add hostif type veth peer name hostif-far',
        'link set hostif-far up',
      ]);
      bench.plans.set(bench.ids.vpc, {
        ...plan,
        links: [
          ...plan.links,
          {
            kind: 'attached',
            name: 'hostif',
            hostInterface: 'hostif',
            vlanId: null,
            master: bench.ids.subnet,
            addresses: [],
          },
        ],
      });
      await bench.apply();
      expect(await network.run(['ip', '-n', `lb-${bench.ids.vpc}`, 'link', 'show', 'hostif'])).toContain(
        `master ${bench.ids.subnet}`,
      );
      bench.plans.set(bench.ids.vpc, plan);
      await bench.apply();
      expect(await network.run(['ip', '-n', bench.network.hostNetns, 'link', 'show', 'hostif'])).not.toContain(
        'master',
      );
      await network.ip(bench.network.hostNetns, ['link delete hostif']);
    });

    it('has put the pre-shared key nowhere', async () => {
      const places = [
        bench.logLines.join('\n'),
        bench.writes.join('\n'),
        JSON.stringify([bench.observed.outcomes(), bench.ids.tunnels.map((id) => bench.observed.tunnel(id).sas)]),
        await network.run(['grep', '-rlF', '-e', canary, '--', `${bench.network.dataDir}/run`]).catch(() => ''),
        ...bench
          .pids()
          .flatMap((pid) => ['cmdline', 'environ'].map((file) => readFileSync(`/proc/${pid}/${file}`, 'utf8'))),
      ];
      for (const place of places) expect(place).not.toContain(canary);
      expect(places[3]).toBe('');
    });

    it('removes a tunnel and tells its peer', async () => {
      bench.plan(1, 11);
      await bench.apply();
      await poll(
        'the peer has no SA',
        () => peers[1]!.charon.listSas(),
        (sas) => sas.length === 0,
        { within: 15_000 },
      );
      expect(await network.run(['ip', '-n', bench.gatewayNetns, 'link'])).not.toContain(bench.ids.tunnels[1]);
      expect(bench.observed.tunnel(bench.ids.tunnels[1]!).sas).toBeNull();
      expect(await network.pings(bench.gatewayNetns, '10.0.1.1', '10.8.0.1')).toBe(true);
    });

    it('leaves the VPC to its end while the gateway’s charon, which was started later, still runs', async () => {
      // charon's mount namespace has copies of all named namespaces; they must not keep the VPC's alive.
      const inode = (await network.run(['stat', '-L', '-c', '%i', `/run/netns/lb-${bench.ids.vpc}`])).trim();
      const { vpc, gateway } = bench.ids;
      const plan = bench.plans.get(gateway)!;
      const links = plan.links.filter(({ name }) => name !== vpc);
      const routes = plan.routes.filter(({ nextHops }) => nextHops.every(({ device }) => device !== vpc));
      bench.plans.set(gateway, { ...plan, links, routes });
      bench.plans.delete(vpc);
      bench.agent.enqueue([gateway, vpc]);
      const isGone = (names: readonly string[]) => !names.includes(`lb-${bench.ids.vpc}`);
      await poll('the VPC is gone', () => network.folder.list(), isGone, { within: 15_000 });
      const mounts = readFileSync(`/proc/${bench.pidOf('charon')}/mountinfo`, 'utf8');
      expect(mounts).not.toContain(inode);
    });
  },
);

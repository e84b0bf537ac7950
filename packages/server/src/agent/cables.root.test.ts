import { patience, poll } from '@landbridge/testbed/poll';
import { everything, parseCidr, parseIpAddress } from '@landbridge/net';
import { spawn } from 'node:child_process';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ObservedState } from '../domain/operator/observed-state.ts';
import { binaries } from '../drivers/installed-binaries.ts';
import { adjacent, cable, macOf } from '../plan/cable.ts';
import type { LinkPlan, IssuedPlan, PlanKey } from '../plan/plan.ts';
import { systemClock } from '../platform/clock.ts';
import { createAgent } from './agent.ts';
import { TestNetwork } from '../../testing/test-network.ts';

/** A cable of each gateway to the host, and packets on it. Needs root; what charon would do is of no interest here. */
const gateways = ['vpngw-cable001', 'vpngw-cable002', 'vpngw-cable003'] as const;
const hostAddress = parseIpAddress('169.254.0.1');
const addressOf = (gateway: string) => parseIpAddress(`203.0.113.${gateway.slice(-1)}`);
const hostEnd = (gateway: string) => ({ netns: null, name: gateway, address: hostAddress });
const wanEnd = (gateway: string) => ({ netns: `lb-${gateway}`, name: 'wan', address: addressOf(gateway) });

function planOf(key: PlanKey, links: readonly LinkPlan[], routes: IssuedPlan['routes']): IssuedPlan {
  const netns = key === 'host' ? null : `lb-${key}`;
  return { key, netns, generation: 0, sysctls: {}, links, rules: [], routes, proxies: [], filter: null, charon: null };
}

const hostPlan = planOf(
  'host',
  gateways.map((name) => {
    const addresses = [{ address: `${hostAddress}/32`, scope: 'link' as const }];
    return { kind: 'veth-peer', name, addresses, cable: cable(hostEnd(name), wanEnd(name)), adjacent: adjacent(name) };
  }),
  gateways.map((device) => {
    const destination = parseCidr(`${addressOf(device)}/32`);
    return { table: 254, destination, metric: 0, kind: 'unicast', nextHops: [{ device }] };
  }),
);
const gatewayPlans = gateways.map((key): IssuedPlan => {
  const addresses = [{ address: `${addressOf(key)}/32`, scope: 'global' as const }];
  const peer = { netns: null, name: key };
  const ends = cable(wanEnd(key), hostEnd(key));
  const nextHops = [{ device: 'wan', via: hostAddress }];
  const wan: LinkPlan = { kind: 'veth', name: 'wan', peer, addresses, cable: ends, adjacent: adjacent('host') };
  return planOf(
    key,
    [{ kind: 'loopback', name: 'lo', addresses: [] }, wan],
    [{ table: 254, destination: everything, metric: 0, kind: 'unicast', nextHops }],
  );
});
const allPlans = [hostPlan, ...gatewayPlans];
const intervalMs = 5;
/** Two programs are started for a cable, on a machine that may have a lot else to do. */
const longestGapMs = 250;

/** Packets to a gateway and back, all the time. */
class Stream {
  readonly #child;
  readonly #ended: Promise<unknown>;
  #said = '';

  constructor(network: TestNetwork, to: string) {
    const ping = ['ping', '-n', '-i', String(intervalMs / 1000), '-W', '1', to];
    const [file, ...argv] = network.folder.enter(['nsenter', `--net=/run/netns/${network.hostNetns}`, '--', ...ping]);
    this.#child = spawn(file, argv);
    this.#ended = new Promise((resolve) => this.#child.once('close', resolve));
    this.#child.stdout.on('data', (data: Buffer) => (this.#said += data.toString()));
  }

  get answers(): number {
    return this.#said.split('bytes from').length - 1;
  }

  /** Longest time without an answer, milliseconds. */
  async end(): Promise<number> {
    this.#child.kill('SIGINT');
    await this.#ended;
    const answered = [...this.#said.matchAll(/icmp_seq=(\d+)/g)].map(([, number]) => Number(number));
    const sent = Number(/(\d+) packets transmitted/.exec(this.#said)?.[1]);
    const gaps = [...answered, sent].map((number, index) => number - (answered[index - 1] ?? 0) - 1);
    return Math.max(...gaps) * intervalMs;
  }
}

describe.skipIf(process.getuid?.() !== 0)(
  'cables with other Ethernet addresses',
  { timeout: 60_000 * patience },
  () => {
    let network: TestNetwork;

    beforeEach(async () => {
      network = await TestNetwork.create();
    });
    afterEach(async () => {
      for (const gateway of gateways) await network.run(['ip', 'netns', 'delete', `lb-${gateway}`]);
      await network[Symbol.asyncDispose]();
    });

    /** An agent that is given those plans, and waits for the others for ever; what it returns stops it. */
    async function apply(plans: readonly IssuedPlan[]): Promise<() => Promise<void>> {
      const stop = new AbortController();
      const observed = new ObservedState();
      const never = Promise.withResolvers<undefined>();
      never.promise.catch(() => undefined);
      const agent = createAgent({
        source: {
          planFor: (key) => Promise.resolve(plans.find((plan) => plan.key === key) ?? never.promise),
          listKeys: () => Promise.resolve(allPlans.map(({ key }) => key)),
          preSharedKey: () => Promise.reject(new Error('there are no tunnels')),
          preSharedKeyDigest: () => Promise.reject(new Error('there are no tunnels')),
        },
        ...{ observed, binaries, dataDir: network.dataDir, dataPlane: 'uxfrm', espAlwaysInUdp: true, pathMtu: 1500 },
        ...{ clock: systemClock, logger: pino({ level: 'silent' }) },
        kernel: network.kernel,
      });
      const running = agent.run(stop.signal);
      const areApplied = () => plans.every(({ key }) => observed.outcome(key)?.error === null);
      await poll('the plans are applied', areApplied, Boolean, { within: 15_000 });
      return async () => {
        stop.abort(new Error('test ends'));
        never.reject(new Error('test ends'));
        await running;
      };
    }

    /** The network of somebody who chose other Ethernet addresses: whole, and carrying packets. */
    async function makeFormerNetwork(): Promise<void> {
      await (
        await apply(allPlans)
      )();
      for (const gateway of gateways) {
        const [host, wan] = [`06:00:00:00:01:0${gateway.slice(-1)}`, `06:00:00:00:02:0${gateway.slice(-1)}`];
        await network.ip(network.hostNetns, [
          `link set ${gateway} address ${host}`,
          `neighbour replace ${addressOf(gateway)} lladdr ${wan} dev ${gateway} nud permanent protocol 76`,
        ]);
        await network.ip(`lb-${gateway}`, [
          `link set wan address ${wan}`,
          `neighbour replace ${hostAddress} lladdr ${host} dev wan nud permanent protocol 76`,
        ]);
      }
    }

    async function macsOf(gateway: string): Promise<(string | undefined)[]> {
      const read = async (netns: string, device: string) =>
        /link\/ether (\S+)/.exec(await network.run(['ip', '-n', netns, 'link', 'show', device]))?.[1];
      return [await read(network.hostNetns, gateway), await read(`lb-${gateway}`, 'wan')];
    }

    it.each([
      ['the host', [hostPlan], gateways],
      ['one gateway', gatewayPlans.slice(0, 1), gateways.slice(0, 1)],
      ['everybody', allPlans, gateways],
    ])('are cut for a moment, and none waits for another plan: the plan of %s', async (_whose, plans, changed) => {
      await makeFormerNetwork();
      const streams = gateways.map((gateway) => new Stream(network, addressOf(gateway)));
      await poll('all answer', () => streams.every(({ answers }) => answers > 20), Boolean, { within: 15_000 });
      const stop = await apply(plans);
      try {
        const before = streams.map(({ answers }) => answers);
        // Had a cable been cut until another plan comes, it would be now.
        const answerAgain = () =>
          streams.every(({ answers }, index) => answers > (before[index] ?? 0) + 2 * (longestGapMs / intervalMs));
        await poll('all answer again', answerAgain, Boolean, { within: 15_000 });
        const gaps = await Promise.all(streams.map((stream) => stream.end()));
        for (const [index, gateway] of gateways.entries()) {
          const isChanged = changed.includes(gateway);
          expect(gaps[index]).toBeLessThan(isChanged ? longestGapMs * patience : 50 * patience);
          if (isChanged) expect(await macsOf(gateway)).toEqual([macOf(hostEnd(gateway)), macOf(wanEnd(gateway))]);
        }
      } finally {
        for (const stream of streams) await stream.end();
        await stop();
      }
    });
  },
);

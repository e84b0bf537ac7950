import { duplexPair, type Duplex } from 'node:stream';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sampleGatewayPlan, sampleHostPlan, sampleIds, sampleVpcPlan } from '../../testing/sample-plans.ts';
import { parseCidr } from '@landbridge/net';
import { BusyError } from '../domain/busy-error.ts';
import { NotCapturingError, type CaptureOrder, type PacketCapture } from '../domain/operator/packet-capture.ts';
import type { NewEvent, NumberedEvents } from '../domain/operator/event.ts';
import { emptyTally, packSeries } from '../domain/operator/history.ts';
import { ObservedState } from '../domain/operator/observed-state.ts';
import type { RecordedLine, RecordedSelection } from '../domain/operator/timeline.ts';
import { noSas, type TunnelSas } from '../domain/operator/tunnel-sas.ts';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import type { IssuedPlan, PlanKey } from '../plan/plan.ts';
import { systemClock as clock } from '../platform/clock.ts';
import { digestOf } from '../plan/parts.ts';
import type { UplinkForwarding } from '../plan/facts.ts';
import { NotAskingError, type PeerProposals } from '../domain/diagnosis/peer-proposals.ts';
import { NotProvingError, type PathProof } from '../domain/operator/path-proof.ts';
import { FakeDrilling, shortDrill } from '../../testing/fake-drilling.ts';
import { answeredProof, FakePathProving } from '../../testing/fake-path-proving.ts';
import { acceptsAes128, FakePeerAsking } from '../../testing/fake-peer-asking.ts';
import { childSa, ikeSa } from '../../testing/sample-sas.ts';
import { toldSas } from '../gateway/told-sas.ts';
import { FakeCaptures } from '../../testing/fake-captures.ts';
import { peerHello, peerOffers, SeamPeer } from '../../testing/seam-peer.ts';
import { AgentEnd, type AgentEndOptions } from './agent-end.ts';
import { spokenVersions } from './contract.ts';
import { mostFrameBytes } from './frames.ts';
import { ControllerEnd } from './controller-end.ts';
import { commonVersion, describeMisunderstanding, type SpokenVersions } from './versions.ts';

const logger = pino({ level: 'silent' });
const ids = sampleIds('seam', 2);
const [tunnel, other] = ids.tunnels as [VpnConnectionId, VpnConnectionId];
const usability = { fault: null, healthCheck: null };

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'landbridge-seam-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** An acting side that does nothing, with its folder. */
function startAgent({ isRefusing = false, ...others }: { isRefusing?: boolean } & Partial<AgentEndOptions> = {}) {
  const changed: PlanKey[] = [];
  const end = new AgentEnd({
    ...{
      folder: { find: () => folder, make: () => folder },
      keyFile: join(folder, 'run', 'keys.json'),
      program: 'test',
      clock,
      logger,
    },
    dataPlane: { name: 'uxfrm', reason: 'a test' },
    readForwarding: () => Promise.resolve('ours' as const),
    usesOf: (name) => Promise.resolve([`${name} is used`]),
    history: ({ series }) => Promise.resolve(series.map(() => packSeries([]))),
    captures: new FakeCaptures(clock),
    peerQuestions: new FakePeerAsking(),
    pathProving: new FakePathProving(),
    drilling: new FakeDrilling(),
    standing: {
      netns: () => Promise.resolve([ids.vpc]),
      gateways: () => Promise.resolve([]),
      madeFrom: () => Promise.resolve(null),
    },
    readConditions: () => [{ name: 'event loop', ok: true, message: '' }],
    recorded: () => Promise.reject(new Error('nothing is recorded here')),
    sas: () => Promise.resolve({ sas: noSas(clock.now()) }),
    note: () => undefined,
    keepNoted: () => undefined,
    checkPosition: () => Promise.resolve(isRefusing ? 'it is older' : null),
    check: (key) => {
      if (key === 'ccn-hostile1') throw new Error('this is hostile');
    },
    onChanged: (keys) => void changed.push(...keys),
    series: Math.random().toString(36),
    ...others,
  });
  return { end, changed };
}

class Controller {
  readonly observed = new ObservedState();
  readonly plans = new Map<PlanKey, IssuedPlan>();
  readonly broken = new Set<PlanKey>();
  readonly keys = new Map<VpnConnectionId, string>();
  readonly events: NewEvent[];
  readonly #kept: Map<string, number>;
  cuts = 0;
  /** Of the newest change. */
  generation = 1;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;
  readonly end: ControllerEnd;
  #line: Duplex | undefined;

  /** @param before whose store it takes over. */
  constructor(agent: AgentEnd, plans: readonly IssuedPlan[], before?: Controller) {
    this.events = before?.events ?? [];
    this.#kept = before === undefined ? new Map<string, number>() : before.#kept;
    for (const plan of plans) this.plans.set(plan.key, plan);
    this.end = new ControllerEnd({
      ...{ program: 'test', observed: this.observed, clock, logger },
      connect: () => {
        const [near, far] = duplexPair();
        this.#line = near;
        void agent.serve(far);
        return Promise.resolve(near);
      },
    });
    this.#running = this.end.run(this.#stop.signal);
  }

  hand(): this {
    this.end.hand({
      plans: {
        planFor: (key) =>
          this.broken.has(key) ? Promise.reject(new Error('it cannot be made')) : Promise.resolve(this.plans.get(key)),
        keys: () => [...this.plans.keys()],
        generationOf: (key) => this.plans.get(key)?.generation ?? 0,
      },
      preSharedKey: (id) => this.keys.get(id),
      digestOfKey: (id) => this.keys.get(id) && Buffer.from(this.keys.get(id)!).toString('hex'),
      position: () => ({ storeId: 'store', generation: this.generation }),
      keep: (events) => this.keep(events),
    });
    return this;
  }

  /** As a store does. */
  keep({ series, events }: NumberedEvents): Promise<void> {
    for (const { number, event } of events) {
      if (number <= (this.#kept.get(series) ?? 0)) continue;
      this.events.push(event);
      this.#kept.set(series, number);
    }
    return Promise.resolve();
  }

  change(plan: IssuedPlan): void {
    this.plans.set(plan.key, plan);
    this.end.changed([plan.key]);
  }

  /** The connection ends; another one follows by itself. */
  cut(): void {
    this.cuts += 1;
    this.#line?.destroy();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }
}

/** The deciding side, met by a peer that speaks by hand. @param hello null: the test says it. */
async function meetByHand(hello: Readonly<Record<string, unknown>> | null) {
  const observed = new ObservedState();
  const peers: SeamPeer[] = [];
  const stop = new AbortController();
  const end = new ControllerEnd({
    ...{ program: '1.9.0', observed, clock, logger },
    connect: () => {
      const [near, far] = duplexPair();
      peers.push(new SeamPeer(far));
      return Promise.resolve(near);
    },
  });
  const running = end.run(stop.signal);
  await vi.waitFor(() => expect(peers[0]?.last('hello')).toBeDefined());
  const peer = peers[0]!;
  if (hello !== null) peer.say(peerHello(hello));
  const conditions = () => Object.fromEntries(end.readConditions().map(({ name, message }) => [name, message]));
  const leave = async () => {
    stop.abort();
    await running;
  };
  return { end, observed, peer, peers, conditions, leave };
}

const gateway = sampleGatewayPlan(ids);
const all = [sampleHostPlan(ids), sampleVpcPlan(ids), gateway];

describe('plans', () => {
  it('come down, change, and go', async () => {
    const { end, changed } = startAgent();
    const controller = new Controller(end, all).hand();
    await vi.waitFor(async () => expect(await end.listKeys()).toHaveLength(3));
    await expect(end.planFor(ids.gateway)).resolves.toEqual(gateway);
    changed.length = 0;
    const next = { ...gateway, routes: [], generation: 9 };
    controller.change(next);
    await vi.waitFor(() => expect(changed).toEqual([ids.gateway]));
    await expect(end.planFor(ids.gateway)).resolves.toEqual(next);
    controller.plans.delete(ids.vpc);
    controller.end.changed([ids.vpc]);
    await vi.waitFor(async () => expect(await end.planFor(ids.vpc)).toBeUndefined());
    await controller.stop();
  });

  it('that are older than what the network was made from do not make it older: a controller says all plans anew', async () => {
    const noted: number[] = [];
    const { end } = startAgent({ note: ({ serial }) => noted.push(serial) });
    const first = new Controller(end, all);
    first.generation = 20;
    first.hand();
    await vi.waitFor(async () => expect(await end.listKeys()).toHaveLength(3));
    first.change({ ...gateway, routes: [], generation: 21 });
    await vi.waitFor(() => expect(noted.at(-1)).toBe(21));
    await first.stop();
    const second = new Controller(end, [...first.plans.values()]);
    second.generation = 21;
    second.hand();
    second.change({ ...gateway, generation: 22 });
    await vi.waitFor(() => expect(noted.at(-1)).toBe(22));
    expect(noted).toEqual(noted.toSorted((a, b) => a - b));
    await second.stop();
  });

  it('are handed out once it is kept which change they were made from: their network is never newer than that says', async () => {
    let noted = 0;
    let kept = 0;
    const { end } = startAgent({
      note: ({ serial }) => (noted = serial),
      keepNoted: () => (kept = noted),
    });
    const controller = new Controller(end, all).hand();
    await vi.waitFor(async () => expect(await end.listKeys()).toHaveLength(3));
    controller.change({ ...gateway, routes: [], generation: 9 });
    await vi.waitFor(() => expect(noted).toBe(9));
    expect(kept).toBeLessThan(9);
    await expect(end.planFor(ids.gateway)).resolves.toMatchObject({ generation: 9 });
    expect(kept).toBe(9);
    await controller.stop();
  });

  it('are there without a controller, also after a restart, and resume where they were', async () => {
    const first = startAgent();
    const controller = new Controller(first.end, all).hand();
    await vi.waitFor(async () => expect(await first.end.planFor(ids.gateway)).toEqual(gateway));
    await vi.waitFor(async () => expect(await first.end.listKeys()).toHaveLength(3));
    await controller.stop();
    first.end.close();
    const second = startAgent();
    expect(await second.end.listKeys()).toHaveLength(3);
    await expect(second.end.planFor(ids.gateway)).resolves.toEqual(gateway);
    // Nobody has said yet that it does not exist.
    await expect(second.end.planFor('ccn-00000001')).rejects.toThrow('not known');
    const again = new Controller(second.end, [{ ...gateway, generation: 12 }]).hand();
    await vi.waitFor(async () => expect(await second.end.planFor(ids.gateway)).toEqual({ ...gateway, generation: 12 }));
    await vi.waitFor(async () => expect(await second.end.listKeys()).toEqual([ids.gateway]));
    await expect(second.end.planFor('ccn-00000001')).resolves.toBeUndefined();
    await again.stop();
  });

  it('are at hand at once, also a hundred of them while the controller is there and says nothing', async () => {
    const { end } = startAgent();
    const [near, far] = duplexPair();
    void end.serve(far);
    const controller = new SeamPeer(near);
    controller.say(peerHello(), peerOffers);
    await vi.waitFor(() => expect(controller.last('ready')).toBeDefined());
    const keys = Array.from({ length: 100 }, (_, number) => `vpc-${String(number).padStart(8, '0')}` as const);
    for (const key of keys) {
      const issue = { plan: { ...sampleVpcPlan(ids), key }, keys: {} };
      const to = digestOf(issue);
      controller.say({ kind: 'plan', key, generation: 1, from: null, to, difference: { is: issue } });
    }
    controller.say({ kind: 'complete' });
    await vi.waitFor(async () => expect(await end.listKeys()).toHaveLength(100));
    const askedAt = performance.now();
    for (const key of keys) expect((await end.planFor(key))?.key).toBe(key);
    expect(performance.now() - askedAt).toBeLessThan(1000);
    expect(controller.heard.filter((message) => 'number' in message)).toEqual([]);
    controller.close();
  });

  it('of the host follow what this side alone knows', async () => {
    const host: { forwarding: UplinkForwarding } = { forwarding: 'ours' };
    const { end, changed } = startAgent({ readForwarding: () => Promise.resolve(host.forwarding) });
    const controller = new Controller(end, all).hand();
    await vi.waitFor(async () => expect(await end.listKeys()).toHaveLength(3));
    expect(controller.end.forwarding).toBe('ours');
    const next = { ...sampleHostPlan(ids), generation: 30 };
    controller.plans.set('host', next);
    host.forwarding = 'operator';
    changed.length = 0;
    await end.planFor('host');
    await vi.waitFor(() => expect(changed).toEqual(['host']));
    expect(controller.end.forwarding).toBe('operator');
    await expect(end.planFor('host')).resolves.toEqual(next);
    await controller.stop();
  });

  it('that are hostile are refused, and hold back no other', async () => {
    const { end } = startAgent();
    const hostile: IssuedPlan = { ...sampleVpcPlan(ids), key: 'ccn-hostile1' };
    const controller = new Controller(end, [hostile, ...all]).hand();
    await vi.waitFor(async () => expect(await end.listKeys()).toHaveLength(3));
    await expect(end.planFor('ccn-hostile1')).rejects.toThrow('the plan is refused: this is hostile');
    await expect(end.planFor(ids.gateway)).resolves.toEqual(gateway);
    await controller.stop();
  });

  it('that cannot be made leave what is there as it is', async () => {
    const { end } = startAgent();
    const controller = new Controller(end, all).hand();
    await vi.waitFor(async () => expect(await end.listKeys()).toHaveLength(3));
    await controller.stop();
    const next = new Controller(end, all);
    next.broken.add(ids.gateway).add('ccn-00000001');
    next.plans.set('ccn-00000001', { ...gateway, key: 'ccn-00000001' });
    next.hand();
    await vi.waitFor(() => expect(end.planFor('ccn-00000001')).rejects.toThrow('cannot be made'));
    await expect(end.planFor(ids.gateway)).rejects.toThrow('the plan cannot be made: it cannot be made');
    expect(await end.listKeys()).toContain(ids.gateway);
    next.broken.clear();
    next.change(gateway);
    await vi.waitFor(() => expect(end.planFor(ids.gateway)).resolves.toEqual(gateway));
    next.broken.add(ids.gateway);
    next.change(gateway);
    await vi.waitFor(() => expect(end.planFor(ids.gateway)).rejects.toThrow('cannot be made'));
    next.broken.clear();
    next.change(gateway);
    await vi.waitFor(() => expect(end.planFor(ids.gateway)).resolves.toEqual(gateway));
    await next.stop();
  });

  it('of a controller that is refused are not heard', async () => {
    const { end } = startAgent({ isRefusing: true });
    const controller = new Controller(end, all).hand();
    await vi.waitFor(() => expect(controller.end.readConditions()[0]?.message).toContain('it is older'));
    const keys = end.listKeys();
    await expect(Promise.race([keys, Promise.resolve('nothing')])).resolves.toBe('nothing');
    await controller.stop();
  });
});

describe('a controller that is broken, or somebody else', () => {
  async function startHeld(options: Partial<AgentEndOptions> = {}) {
    const agent = startAgent(options);
    const first = new Controller(agent.end, all).hand();
    await vi.waitFor(async () => expect(await agent.end.listKeys()).toHaveLength(3));
    await first.stop();
    const meet = async () => {
      const [near, far] = duplexPair();
      void agent.end.serve(far);
      const peer = new SeamPeer(near);
      peer.say(peerHello(), peerOffers);
      await vi.waitFor(() => expect(peer.last('ready')).toBeDefined());
      return peer;
    };
    const expectUnharmed = async () => {
      expect(await agent.end.listKeys()).toHaveLength(3);
      await expect(agent.end.planFor(ids.gateway)).resolves.toEqual(gateway);
    };
    return { ...agent, meet, expectUnharmed };
  }
  const issue = { plan: gateway, keys: {} };
  const plan = { kind: 'plan', key: ids.gateway, generation: 9 };
  const tooLarge = Buffer.alloc(4);
  tooLarge.writeUInt32BE(mostFrameBytes + 1);

  it.each([
    ['announces a message that is too large', (peer: SeamPeer) => peer.sayBytes(tooLarge)],
    ['says what is no JSON', (peer: SeamPeer) => peer.sayBytes(Buffer.from([0, 0, 0, 1, 0x7b]))],
    ['says what is no message', (peer: SeamPeer) => peer.say({ kind: 'gone', key: '../../etc' })],
    ['says hello again and again', (peer: SeamPeer) => peer.say(peerHello(), peerHello())],
    [
      'says a plan that is nested without end',
      (peer: SeamPeer) => {
        const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
        const text = `{"kind":"plan","key":"${ids.gateway}","generation":9,"from":null,"to":"00","difference":{"is":${deep}}}`;
        const header = Buffer.alloc(4);
        header.writeUInt32BE(text.length);
        peer.sayBytes(Buffer.concat([header, Buffer.from(text)]));
      },
    ],
  ])('%s: the connection ends, and nothing is taken away', async (_, misbehave) => {
    const { meet, expectUnharmed } = await startHeld();
    const peer = await meet();
    misbehave(peer);
    await peer.ended;
    await expectUnharmed();
    (await meet()).close();
  });

  it.each([
    ['of another digest', { from: null, to: '00', difference: { is: issue } }],
    ['from what is not here', { from: '00', to: digestOf(issue), difference: { set: {} } }],
    ['of parts that are not there', { from: null, to: '00', difference: { removed: ['x'] } }],
  ])('a plan %s is not taken: the whole is asked for', async (_, what) => {
    const { meet, expectUnharmed } = await startHeld();
    const peer = await meet();
    peer.say({ ...plan, ...what });
    await vi.waitFor(() => expect(peer.last('misfit')).toEqual({ kind: 'misfit', key: ids.gateway }));
    await expectUnharmed();
    peer.close();
  });

  it('half a message holds up nobody: who comes next is heard', async () => {
    const { end, meet, expectUnharmed } = await startHeld();
    const peer = await meet();
    peer.sayBytes(Buffer.from([0, 0, 1, 0, 0x7b]));
    await expectUnharmed();
    const next = new Controller(end, [gateway]).hand();
    await peer.ended;
    await vi.waitFor(async () => expect(await end.listKeys()).toEqual([ids.gateway]));
    await next.stop();
  });

  it('a flood of plans holds up nothing else for long', async () => {
    const { meet, end } = await startHeld();
    const peer = await meet();
    const plans = [[], gateway.routes].map((routes) => ({ plan: { ...gateway, routes }, keys: {} }));
    for (let generation = 10; generation < 1010; generation++) {
      const next = plans[generation % 2]!;
      peer.say({ ...plan, generation, from: null, to: digestOf(next), difference: { is: next } });
    }
    let turns = 0;
    const others = setInterval(() => (turns += 1), 1);
    await vi.waitFor(async () => expect((await end.planFor(ids.gateway))?.generation).toBe(1009), { timeout: 20_000 });
    clearInterval(others);
    // All of it at once were one or two.
    expect(turns).toBeGreaterThan(5);
    peer.close();
  });

  it('a flood of questions is answered one after the other, and most of it not at all', async () => {
    let [asked, most] = [0, 0];
    const usesOf = async () => {
      most = Math.max(most, ++asked);
      await new Promise((resolve) => setImmediate(resolve));
      asked -= 1;
      return [];
    };
    const { meet } = await startHeld({ usesOf });
    const peer = await meet();
    for (let number = 1; number <= 500; number++) peer.say({ kind: 'uses', number, interfaceName: 'eth0' });
    const answers = () => peer.heard.filter(({ kind }) => kind === 'answer');
    await vi.waitFor(() => expect(answers()).toHaveLength(500));
    expect(most).toBe(1);
    expect(answers().filter(({ error }) => error === 'too many questions wait').length).toBeGreaterThan(0);
    peer.close();
  });
});

describe('packet captures', () => {
  const order: CaptureOrder = {
    ...{ id: 'pcap-00000001', accountId: 'a', resourceId: tunnel, includesKeys: true },
    filter: { protocol: 'tcp', source: null, destination: parseCidr('10.0.0.0/8'), port: 443 },
    limits: { snapLength: 100, packets: 1, seconds: 1, bytes: 65_536 },
  };

  it('are asked for at the acting side, whatever else it is asked', async () => {
    const captures = new FakeCaptures(clock);
    const usesOf = () => new Promise<readonly string[]>(() => undefined);
    const { end } = startAgent({ captures, usesOf });
    const controller = new Controller(end, all).hand();
    await end.listKeys();
    void controller.end.usesOf('eth0').catch(() => undefined);
    const asked = controller.end.captures;
    expect(await asked.start(order)).toMatchObject({ id: order.id, ended: null });
    expect(captures.orders).toEqual([order]);
    expect(await asked.list()).toHaveLength(1);
    expect(await asked.read(order.id, 2)).toEqual({ base64: 'ZmlsZQ==', totalBytes: 6, isFinished: false });
    expect(await asked.keys(order.id)).toBe(captures.table);
    expect(await asked.stop(order.id)).toBe(true);
    expect(await asked.remove(order.id)).toBe(true);
    expect(await asked.read(order.id, 0)).toBeNull();
    await controller.stop();
    await expect(asked.list()).rejects.toThrow(NotCapturingError);
  });

  it('of which too many are asked about at once are refused, and heard of no more', async () => {
    const waiting = Promise.withResolvers<readonly PacketCapture[]>();
    const captures = Object.assign(new FakeCaptures(clock), { list: () => waiting.promise });
    const { end } = startAgent({ captures });
    const controller = new Controller(end, all).hand();
    await end.listKeys();
    const all20 = Array.from({ length: 20 }, () => controller.end.captures.list());
    const settled = Promise.allSettled(all20);
    waiting.resolve([]);
    const refused = (await settled).filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(12);
    await expect(controller.end.captures.list()).resolves.toEqual([]);
    await controller.stop();
  });

  it('are not asked for where the agent is of a version that would take the question for no message', async () => {
    const { end, peer, peers, leave } = await meetByHand({ program: '1.8.0', contract: { oldest: 1, newest: 1 } });
    peer.say({ kind: 'self', dataPlane: { name: 'uxfrm', reason: 'a test' }, forwarding: 'ours' });
    await end.greeted;
    await expect(end.captures.list()).rejects.toThrow(NotCapturingError);
    expect(peer.last('capture')).toBeUndefined();
    expect(peers).toHaveLength(1);
    await leave();
  });

  it('are run for nobody whose plans are not taken, whatever it says', async () => {
    const captures = new FakeCaptures(clock);
    const { end } = startAgent({ captures, isRefusing: true });
    const controller = new Controller(end, all).hand();
    await vi.waitFor(() => expect(controller.end.readConditions()[0]?.message).toContain('it is older'));
    await expect(controller.end.captures.start(order)).rejects.toThrow(NotCapturingError);
    await controller.stop();
    const [near, far] = duplexPair();
    void end.serve(far);
    const peer = new SeamPeer(near);
    const start = { kind: 'capture', question: { what: 'start', order } };
    peer.say(peerHello(), { ...start, number: 1 }, peerOffers);
    await vi.waitFor(() => expect(peer.last('refuses')).toBeDefined());
    peer.say({ ...start, number: 2 });
    const answers = () => peer.heard.filter(({ kind }) => kind === 'answer');
    await vi.waitFor(() => expect(answers()).toHaveLength(2));
    for (const { error } of answers()) expect(error).toContain('no controller is listened to');
    expect(captures.orders).toEqual([]);
    peer.close();
  });
});

describe('what peers would accept', () => {
  it('is asked of the acting side, and when it was asked is by the clock here', async () => {
    const peerQuestions = new FakePeerAsking();
    const { end } = startAgent({ peerQuestions });
    const controller = new Controller(end, all);
    await controller.end.greeted;
    const { askedAt, ...rest } = acceptsAes128;
    const answer = await controller.end.peerQuestions.ask(tunnel, 'account');
    expect(answer).toMatchObject(rest);
    expect(Math.abs((answer as PeerProposals).askedAt - askedAt)).toBeLessThan(5000);
    expect(peerQuestions.asked).toEqual([[tunnel, 'account']]);
    peerQuestions.answer = 'peer-asked-now';
    expect(await controller.end.peerQuestions.ask(tunnel, 'account')).toBe('peer-asked-now');
    await controller.stop();
  });

  it('is not asked of an agent that would take the question for no message', async () => {
    const { end, peer, peers, leave } = await meetByHand({ program: '1.9.0', contract: { oldest: 1, newest: 2 } });
    peer.say({ kind: 'self', dataPlane: { name: 'uxfrm', reason: 'a test' }, forwarding: 'ours' });
    await end.greeted;
    await expect(end.peerQuestions.ask(tunnel, 'account')).rejects.toThrow(NotAskingError);
    expect(peer.last('proposals')).toBeUndefined();
    expect(peers).toHaveLength(1);
    await leave();
  });
});

describe('a path', () => {
  const order = {
    accountId: 'account',
    from: 'subnet-11111111',
    to: { kind: 'subnet', id: 'subnet-22222222' },
  } as const;

  it('is proven by the acting side, and when it was is by the clock here', async () => {
    const pathProving = new FakePathProving();
    const { end } = startAgent({ pathProving });
    const controller = new Controller(end, all).hand();
    const answer = await vi.waitFor(async () => (await controller.end.proofs.prove(order)) as PathProof);
    const { provenAt, ...rest } = answeredProof;
    expect(answer).toMatchObject(rest);
    expect(Math.abs(answer.provenAt - provenAt)).toBeLessThan(5000);
    expect(pathProving.orders).toEqual([order]);
    pathProving.answer = 'vpc-busy';
    expect(await controller.end.proofs.prove(order)).toBe('vpc-busy');
    await controller.stop();
  });

  it('is drilled by the acting side in the same way', async () => {
    const drilling = new FakeDrilling();
    const { end } = startAgent({ drilling });
    const controller = new Controller(end, all).hand();
    const { from } = order;
    const drill = { accountId: 'account', tunnel, from, to: shortDrill.destination, seconds: 5 };
    expect(await vi.waitFor(() => controller.end.proofs.drill(drill))).toEqual(shortDrill);
    expect(drilling.orders).toEqual([drill]);
    drilling.answer = 'no-standby';
    expect(await controller.end.proofs.drill(drill)).toBe('no-standby');
    await controller.stop();
  });

  it('is proven for nobody whose plans are not taken, whatever it says', async () => {
    const pathProving = new FakePathProving();
    const { end } = startAgent({ pathProving, isRefusing: true });
    const controller = new Controller(end, all).hand();
    await vi.waitFor(() => expect(controller.end.readConditions()[0]?.message).toContain('it is older'));
    await expect(controller.end.proofs.prove(order)).rejects.toThrow(NotProvingError);
    await controller.stop();
    const [near, far] = duplexPair();
    void end.serve(far);
    const peer = new SeamPeer(near);
    peer.say(peerHello(), peerOffers);
    await vi.waitFor(() => expect(peer.last('refuses')).toBeDefined());
    peer.say({ kind: 'proof', order, number: 1 });
    await vi.waitFor(() => expect(peer.last('answer')).toBeDefined());
    expect(JSON.stringify(peer.last('answer'))).toContain('no controller is listened to');
    expect(pathProving.orders).toEqual([]);
    peer.close();
  });

  it('is not asked for where the agent would take the question for no message', async () => {
    const { end, peer, peers, leave } = await meetByHand({ program: '1.9.0', contract: { oldest: 1, newest: 3 } });
    peer.say({ kind: 'self', dataPlane: { name: 'uxfrm', reason: 'a test' }, forwarding: 'ours' });
    await end.greeted;
    await expect(end.proofs.prove(order)).rejects.toThrow(NotProvingError);
    expect(peer.last('proof')).toBeUndefined();
    expect(peers).toHaveLength(1);
    await leave();
  });
});

describe('the SAs of a tunnel', () => {
  const installing = { ...childSa({ uniqueId: 2, state: 'INSTALLING' }), installed: undefined };
  const both = (askedAt: number): TunnelSas => toldSas([ikeSa({ childSas: [childSa(), installing] })], askedAt);

  it('are asked for, and told with the time by the clock of whoever asks', async () => {
    // An hour ahead of the other side.
    const there = { ...clock, now: () => clock.now() + 3_600_000 };
    const asked: string[] = [];
    const { end } = startAgent({
      clock: there,
      sas: (id) => {
        asked.push(id);
        return Promise.resolve({ sas: both(there.now() - 1000) });
      },
    });
    const controller = new Controller(end, all);
    await controller.end.greeted;
    const answer = await controller.end.sas(tunnel);
    if ('problem' in answer) throw new Error(answer.problem);
    const { askedAt } = answer.sas;
    expect(answer.sas).toEqual(both(askedAt));
    expect(Math.abs(askedAt - (clock.now() - 1000))).toBeLessThan(2000);
    expect(asked).toEqual([tunnel]);
    await controller.stop();
    expect(await controller.end.sas(tunnel)).toEqual({ problem: 'the agent is not there' });
  });

  it('are told with why they are not known, and by what is no answer not at all', async () => {
    const wrong = { sas: { ...noSas(clock.now()), ikeSas: [{ state: 7 }] } } as never;
    const answers = [Promise.resolve({ problem: 'charon hangs' }), Promise.resolve(wrong)];
    const { end } = startAgent({ sas: () => answers.shift()! });
    const controller = new Controller(end, all);
    await controller.end.greeted;
    expect(await controller.end.sas(tunnel)).toEqual({ problem: 'charon hangs' });
    expect(await controller.end.sas(tunnel)).toMatchObject({ problem: expect.stringContaining('no answer') as string });
    await controller.stop();
  });

  it('are asked for by a few at a time', async () => {
    const isLong = Promise.withResolvers<{ readonly problem: string }>();
    const { end } = startAgent({ sas: () => isLong.promise });
    const controller = new Controller(end, all);
    await controller.end.greeted;
    const asked = Array.from({ length: 8 }, () => controller.end.sas(tunnel));
    await expect(controller.end.sas(tunnel)).rejects.toThrow(BusyError);
    isLong.resolve({ problem: 'it took long' });
    for (const answer of asked) expect(await answer).toEqual({ problem: 'it took long' });
    expect(await controller.end.sas(tunnel)).toEqual({ problem: 'it took long' });
    await controller.stop();
  });

  it('are not asked of an agent that would take the question for no message', async () => {
    const { end, peer, peers, leave } = await meetByHand({ program: '1.9.0', contract: { oldest: 1, newest: 3 } });
    peer.say({ kind: 'self', dataPlane: { name: 'uxfrm', reason: 'a test' }, forwarding: 'ours' });
    await end.greeted;
    expect(await end.sas(tunnel)).toEqual({ problem: 'the agent 1.9.0 knows no sas yet: update it' });
    expect(peer.last('sas')).toBeUndefined();
    expect(peers).toHaveLength(1);
    await leave();
  });
});

describe('halves of neighbouring versions', () => {
  const { oldest, newest } = spokenVersions;
  const self = { kind: 'self', dataPlane: { name: 'uxfrm', reason: 'a test' }, forwarding: 'ours' };
  const sas = { ikeEstablished: true, children: {}, connected: true, lastError: null, changedAt: 1, ageMs: 1 };

  it('meet: an agent that tells more is understood, and named as the newer one', async () => {
    const { observed, peer, peers, conditions, leave } = await meetByHand({
      ...{ program: '1.10.0', contract: { oldest, newest: newest + 1 }, later: true },
    });
    peer.say({ ...self, later: 1 }, { kind: 'later', facts: 7 });
    const facts = [
      { about: 'later', key: 'host', value: {} },
      { about: 'sas', key: tunnel, value: { ...sas, later: 1 }, later: 1 },
    ];
    peer.say({ kind: 'facts', facts, isComplete: true, later: 1 });
    await vi.waitFor(() => expect(observed.tunnel(tunnel).sas?.connected).toBe(true));
    expect(conditions()).toEqual({
      agent: '',
      versions:
        'the agent is of version 1.10.0, the controller of version 1.9.0: start the controller anew from what is installed',
    });
    expect(peers).toHaveLength(1);
    await leave();
  });

  it.each([
    [
      'newer',
      { oldest: newest + 1, newest: newest + 1 },
      '1.10.0',
      `version ${newest + 1} of`,
      'update the controller',
    ],
    ['older', { oldest: oldest - 1, newest: oldest - 1 }, '1.8.0', `version ${oldest - 1} of`, 'update the agent'],
  ])(
    'do not understand each other: what an agent says that is %s is not listened to, and the operator is told',
    async (_, contract, program, speaks, what) => {
      const { end, observed, peer, peers, conditions, leave } = await meetByHand({ program, contract });
      peer.say(self, { kind: 'facts', facts: [{ about: 'sas', key: tunnel, value: sas }], isComplete: true });
      peer.say({ kind: 'holding', plans: [], isLast: true }, { kind: 'ready' });
      await vi.waitFor(() => expect(conditions()['agent']).toContain(what));
      expect(conditions()['agent']).toContain(`the agent ${program} speaks ${speaks} the seam, the controller 1.9.0`);
      expect(conditions()['agent']).toContain('Gateways go on');
      // Nobody waits for more of it.
      await end.greeted;
      expect(end.dataPlane).toBeNull();
      expect(observed.tunnels()).toEqual([]);
      expect(peer.heard.map(({ kind }) => kind)).toEqual(['hello']);
      // The next one is understood: the other half was updated.
      peer.close();
      await vi.waitFor(() => expect(peers).toHaveLength(2));
      peers[1]!.say(peerHello({ program: '1.9.0' }), self);
      await vi.waitFor(() => expect(end.dataPlane).not.toBeNull());
      expect(conditions()).toEqual({ agent: '', versions: '' });
      await leave();
    },
  );

  it.each([
    { oldest: newest + 1, newest: newest + 3 },
    { oldest: oldest - 1, newest: oldest - 1 },
  ])(
    'do not understand each other: a controller of %o is told nothing, asked nothing, and changes nothing',
    async (contract) => {
      const { end, changed } = startAgent();
      const first = new Controller(end, all).hand();
      await vi.waitFor(async () => expect(await end.listKeys()).toHaveLength(3));
      await first.stop();
      changed.length = 0;
      const [near, far] = duplexPair();
      void end.serve(far);
      const peer = new SeamPeer(near);
      peer.say(peerHello({ contract, later: 1 }), peerOffers, { kind: 'gone', key: ids.vpc }, { kind: 'complete' });
      end.observed.recordUsability(tunnel, usability);
      await vi.waitFor(() => expect(peer.last('beat')).toBeDefined(), { timeout: 3000 });
      expect(peer.heard.filter(({ kind }) => kind !== 'beat').map(({ kind }) => kind)).toEqual(['hello']);
      expect(changed).toEqual([]);
      expect(await end.listKeys()).toHaveLength(3);
      await expect(end.planFor(ids.gateway)).resolves.toEqual(gateway);
      peer.close();
      const next = new Controller(end, [gateway]).hand();
      await vi.waitFor(async () => expect(await end.listKeys()).toEqual([ids.gateway]));
      await next.stop();
    },
  );
});

describe('what is recorded', () => {
  const question: RecordedSelection = {
    ...{ subject: tunnel, from: clock.now() - 5000, to: null, kinds: ['state'], order: 'newest-first' },
    ...{ after: 7, limit: 10 },
  };

  it('is asked for, and told by the clock of whoever asks', async () => {
    const asked: RecordedSelection[] = [];
    // An hour ahead of the other side.
    const there = { ...clock, now: () => clock.now() + 3_600_000 };
    const at = there.now() - 1000;
    const line = { id: 3, subject: tunnel, kind: 'state', at, text: 'up' } as const;
    const later = { ...line, id: 2, kind: 'of a later version' } as unknown as RecordedLine;
    const recorded = (selection: RecordedSelection) => {
      asked.push(selection);
      return Promise.resolve({ lines: [line, later], next: 2, isLast: true, storySince: at });
    };
    const { end } = startAgent({ recorded, clock: there });
    const controller = new Controller(end, []).hand();
    await end.listKeys();
    const answer = await controller.end.recorded(question);
    expect(asked).toMatchObject([{ ...question, from: expect.any(Number) as number }]);
    expect(Math.abs(asked[0]!.from! - 3_600_000 - question.from!)).toBeLessThan(2000);
    if (!('page' in answer)) throw new Error(answer.problem);
    expect(answer.page).toMatchObject({ lines: [{ id: 3, text: 'up' }], next: 2, isLast: true });
    expect(answer.page.lines).toHaveLength(1);
    for (const here of [answer.page.lines[0]!.at, answer.page.storySince!]) {
      expect(Math.abs(here - (at - 3_600_000))).toBeLessThan(2000);
    }
    await controller.stop();
    expect(await controller.end.recorded(question)).toEqual({ problem: 'the agent is not there' });
  });

  it('is told by a file that cannot be read with why, and by what is no page not at all', async () => {
    const answers = [() => Promise.reject(new Error('it is corrupt')), () => Promise.resolve({ lines: 7 } as never)];
    const { end } = startAgent({ recorded: () => answers.shift()!() });
    const controller = new Controller(end, []).hand();
    await end.listKeys();
    expect(await controller.end.recorded(question)).toEqual({ problem: 'it is corrupt' });
    expect(await controller.end.recorded(question)).toMatchObject({ problem: expect.any(String) as string });
    await controller.stop();
  });

  it('is told though something else that is asked takes long', async () => {
    const isLong = Promise.withResolvers<readonly string[]>();
    const recorded = () => Promise.resolve({ lines: [], next: null, isLast: true, storySince: null });
    const { end } = startAgent({ recorded, usesOf: () => isLong.promise });
    const controller = new Controller(end, []).hand();
    await end.listKeys();
    const long = controller.end.usesOf('eth0');
    expect(await controller.end.recorded(question)).toMatchObject({ page: { isLast: true } });
    isLong.resolve(['used']);
    expect(await long).toEqual(['used']);
    await controller.stop();
  });

  it('nor anything else of a later version is asked of an agent before it has said hello, nor of one of the first version', async () => {
    const { end, peer, peers, leave } = await meetByHand(null);
    const history = { series: [{ gateway: ids.gateway, tunnel: null }], from: 0, to: 1, seconds: 10 } as const;
    const ask = async () => {
      expect(await end.recorded(question)).toEqual({ problem: expect.any(String) as string });
      expect(await end.history(history)).toBeNull();
      await expect(end.captures.list()).rejects.toThrow(NotCapturingError);
    };
    await ask();
    peer.say(peerHello({ contract: { oldest: 1, newest: 1 } }));
    peer.say({ kind: 'self', dataPlane: { name: 'uxfrm', reason: 'a test' }, forwarding: 'ours' });
    await end.greeted;
    await ask();
    expect(peer.heard.map(({ kind }) => kind).filter((kind) => kind !== 'beat')).toEqual(['hello']);
    expect(peers).toHaveLength(1);
    await leave();
  });

  it('is not asked of an agent that does not know the question, which would end the connection', async () => {
    const { end, peer, leave } = await meetByHand({ program: '1.8.0', contract: { oldest: 1, newest: 1 } });
    peer.say({ kind: 'self', dataPlane: { name: 'uxfrm', reason: 'a test' }, forwarding: 'ours' });
    await end.greeted;
    expect(await end.recorded(question)).toEqual({ problem: 'the agent 1.8.0 knows no timeline yet: update it' });
    expect(peer.last('timeline')).toBeUndefined();
    await leave();
  });

  it('a question of a later version is answered, by either half: it is not known', async () => {
    const { end } = startAgent();
    const [near, far] = duplexPair();
    void end.serve(far);
    const ofController = new SeamPeer(near);
    ofController.say(peerHello(), { kind: 'later', number: 9 });
    const { peer: ofAgent, peers, leave } = await meetByHand({});
    ofAgent.say({ kind: 'later', number: 9 });
    const answer = { kind: 'answer', number: 9, value: null, error: 'the question later is not known here' };
    for (const peer of [ofController, ofAgent]) await vi.waitFor(() => expect(peer.last('answer')).toEqual(answer));
    expect(peers).toHaveLength(1);
    ofController.close();
    await leave();
  });
});

it('of two versions of the seam the newest that both speak is spoken', () => {
  const versions = fc
    .tuple(fc.integer({ min: 1, max: 9 }), fc.nat(4))
    .map(([from, more]) => ({ oldest: from, newest: from + more }));
  const isSpoken = ({ oldest, newest }: SpokenVersions, version: number) => oldest <= version && version <= newest;
  fc.assert(
    fc.property(versions, versions, (agent, controller) => {
      const both = Array.from({ length: 20 }, (_, version) => version).filter(
        (version) => isSpoken(agent, version) && isSpoken(controller, version),
      );
      expect(commonVersion(agent, controller)).toBe(both.at(-1) ?? null);
      const why = describeMisunderstanding({ program: 'a', contract: agent }, { program: 'c', contract: controller });
      expect(why === null).toBe(both.length > 0);
      if (why !== null)
        expect(why).toContain(`update the ${agent.newest < controller.newest ? 'agent' : 'controller'}`);
    }),
  );
});

describe('keys', () => {
  it('are asked for once, kept in a file for root alone, and are the ones that the plan names', async () => {
    const { end } = startAgent();
    const controller = new Controller(end, []);
    controller.keys.set(tunnel, 'first').set(other, 'second');
    controller.plans.set(ids.gateway, gateway);
    controller.hand();
    await vi.waitFor(async () => expect(await end.preSharedKey(tunnel)).toBe('first'));
    controller.keys.set(tunnel, 'changed');
    expect(await end.preSharedKey(tunnel)).toBe('first');
    // Stale: the plan that names it is not here yet.
    controller.keys.set(other, 'changed too');
    await expect(end.preSharedKey(other)).rejects.toThrow('has changed');
    controller.change({ ...gateway, generation: 30 });
    await vi.waitFor(async () => expect(await end.preSharedKey(other)).toBe('changed too'));
    expect(await end.preSharedKey(tunnel)).toBe('changed');
    await controller.stop();
    end.close();
    const file = join(folder, 'run', 'keys.json');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(folder, 'plans', ids.gateway), 'utf8')).not.toMatch(/changed|first|second/);
    const next = startAgent();
    await expect(next.end.preSharedKey(tunnel)).resolves.toBe('changed');
  });
});

describe('what is observed', () => {
  it('comes up, of each the newest, and is forgotten there as here', async () => {
    const { end } = startAgent();
    end.observed.recordUsability(tunnel, usability);
    const failures = new Map([[tunnel, 'why']]);
    const outcome = { key: ids.gateway, appliedGeneration: 7, error: 'x', failures, at: 5 };
    end.observed.recordOutcome(outcome);
    end.observed.recordHostFindings([{ name: 'uplink', ok: false, message: 'cut' }]);
    const controller = new Controller(end, all);
    controller.observed.recordOutcome({ key: 'vpc-gone0000', appliedGeneration: 1, error: null, at: 1 });
    await vi.waitFor(() => expect(controller.observed.outcome(ids.gateway)).toEqual(outcome));
    expect(controller.observed.tunnel(tunnel)).toEqual({
      id: tunnel,
      sas: null,
      usability,
      traffic: null,
      findings: [],
    });
    expect(controller.observed.hostFindings()).toEqual(end.observed.hostFindings());
    end.observed.recordUsability(tunnel, null);
    await vi.waitFor(() => expect(controller.observed.tunnel(tunnel).usability).toBeNull());
    await controller.stop();
  });

  it('is as the newest acting side says, and nothing of the one before is left', async () => {
    const first = startAgent();
    first.end.observed.recordUsability(tunnel, usability);
    let agent = first.end;
    const observed = new ObservedState();
    const controller = new ControllerEnd({
      ...{ program: 'test', observed, clock, logger },
      connect: () => {
        const [near, far] = duplexPair();
        void agent.serve(far);
        return Promise.resolve(near);
      },
    });
    const stop = new AbortController();
    const running = controller.run(stop.signal);
    await vi.waitFor(() => expect(observed.tunnel(tunnel).usability).not.toBeNull());
    agent = startAgent().end;
    agent.observed.recordUsability(other, usability);
    first.end.close();
    await vi.waitFor(() => expect(observed.tunnel(other).usability).not.toBeNull());
    expect(observed.tunnel(tunnel).usability).toBeNull();
    stop.abort();
    await running;
  });

  it('events are kept once, also those from before a restart of either side', async () => {
    const { end } = startAgent();
    const event = (message: string): NewEvent => ({ resourceId: tunnel, kind: 'tunnel-up', message, at: 1 });
    end.record(event('one'));
    end.close();
    const second = startAgent();
    second.end.record(event('two'));
    const controller = new Controller(second.end, all).hand();
    await vi.waitFor(() => expect(controller.events.map(({ message }) => message)).toEqual(['one', 'two']));
    second.end.record(event('three'));
    await vi.waitFor(() => expect(controller.events).toHaveLength(3));
    // Here they are forgotten only once they are kept there.
    await vi.waitFor(() => expect(readFileSync(join(folder, 'events.json'), 'utf8')).toContain('"events":[]'), {
      timeout: 5000,
    });
    await controller.stop();
    const next = new Controller(second.end, all).hand();
    second.end.record(event('four'));
    await vi.waitFor(() => expect(next.events.map(({ message }) => message)).toEqual(['four']));
    await next.stop();
  });

  it('events are kept once, also where the connection ends before the acting side hears of it, and with it the controller', async () => {
    const { end } = startAgent();
    const first = new Controller(end, all);
    first.keep = async (batch) => {
      await Controller.prototype.keep.call(first, batch);
      if (batch.events.length > 1) first.cut();
    };
    first.hand();
    const event = (message: string): NewEvent => ({ resourceId: tunnel, kind: 'tunnel-up', message, at: 1 });
    for (const message of ['one', 'two', 'three']) end.record(event(message));
    await vi.waitFor(() => expect(first.cuts).toBeGreaterThan(1));
    await first.stop();
    // Another process, on the same store.
    const second = new Controller(end, all, first);
    second.hand();
    end.record(event('four'));
    await vi.waitFor(() => expect(second.events.at(-1)?.message).toBe('four'));
    expect(second.events.map(({ message }) => message)).toEqual(['one', 'two', 'three', 'four']);
    await second.stop();
  });

  it('of what stands in the network nobody else knows: who asks waits until the acting side is there again', async () => {
    const { end } = startAgent();
    const controller = new Controller(end, all);
    await controller.end.greeted;
    controller.cut();
    await expect(controller.end.standing.netns()).resolves.toEqual([ids.vpc]);
    await controller.stop();
  });

  it('what passed tunnels is asked; who cannot tell, is not there or is asked in vain has no answer', async () => {
    const question = { series: [{ gateway: ids.gateway, tunnel }], from: 0, to: 1, seconds: 10 } as const;
    let isBroken = false;
    const asked: number[] = [];
    const tally = { ...emptyTally, inBytes: 5 };
    const { end } = startAgent({
      history: ({ series, seconds }) => {
        if (isBroken) return Promise.reject(new Error('the file is damaged'));
        asked.push(series.length);
        return Promise.resolve(series.map((_, index) => packSeries([{ at: seconds + index, tally }])));
      },
    });
    const controller = new Controller(end, all);
    await controller.end.greeted;
    await expect(controller.end.history(question)).resolves.toEqual([[{ at: 10, tally }]]);
    // One series at a time: nothing there waits long for a long answer.
    const twice = { ...question, series: [...question.series, ...question.series] };
    await expect(controller.end.history(twice)).resolves.toEqual([[{ at: 10, tally }], [{ at: 10, tally }]]);
    expect(asked).toEqual([1, 1, 1]);
    isBroken = true;
    await expect(controller.end.history(question)).resolves.toBeNull();
    await controller.stop();
    await expect(controller.end.history(question)).resolves.toBeNull();
  });

  it('what the host has is asked, and whoever is not there is said', async () => {
    const { end } = startAgent();
    const controller = new Controller(end, all);
    await controller.end.greeted;
    await expect(controller.end.usesOf('eth0')).resolves.toEqual(['eth0 is used']);
    await expect(controller.end.standing.netns()).resolves.toEqual([ids.vpc]);
    expect(controller.end.readConditions()).toEqual([
      { name: 'agent', ok: true, message: '' },
      { name: 'versions', ok: true, message: '' },
      { name: 'event loop', ok: true, message: '' },
    ]);
    await controller.stop();
    await expect(controller.end.usesOf('eth0')).resolves.toBeNull();
    expect(controller.end.readConditions()[0]?.message).toMatch(/not there for \d+ s: gateways go on/);
  });
});

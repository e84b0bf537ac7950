import { parseIpAddress, type IpAddress } from '@landbridge/net';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { FakeClock, settle } from '../../testing/fake-clock.ts';
import { sampleGatewayPlan, sampleHostPlan, sampleIds, sampleVpcPlan } from '../../testing/sample-plans.ts';
import { proofBounds, type ProofOrder } from '../domain/operator/path-proof.ts';
import type { SubnetId } from '../domain/resource-id.ts';
import { PathProver, type PathProverOptions } from './path-prover.ts';
import type { PingOrder } from './ping-process.ts';
import type { PingReport } from './ping-report.ts';
import { ProofLimits } from './proof-limits.ts';
import { proofPlace } from './proof-place.ts';

const all = ['prv1', 'prv2', 'prv3', 'prv4'].map((suffix) => sampleIds(suffix, 1)) as [Ids, Ids, Ids, Ids];
const [one, two, three, four] = all;
type Ids = ReturnType<typeof sampleIds>;
const address = parseIpAddress;
const idc = address('192.168.1.6');
const silent: PingReport = { sent: 1, answered: 0, longestLoss: 1, delay: null, refusals: [] };
const delay = { leastMs: 1, meanMs: 2, mostMs: 3 };

function order(from: Ids, to: Ids | IpAddress = idc, accountId = 'a'): ProofOrder {
  const target: ProofOrder['to'] =
    typeof to === 'string' ? { kind: 'address', address: to } : { kind: 'subnet', id: to.subnet as SubnetId };
  return { accountId, from: from.subnet as SubnetId, to: target };
}

/** @param report what ping says of each order. */
function setUp(report: (ping: PingOrder) => PingReport | Error = () => silent) {
  const clock = new FakeClock();
  const standing = new Set<string>();
  const stood: string[] = [];
  const ways: PromiseWithResolvers<undefined>[] = [];
  const free = new Map<string, IpAddress | null>(all.map(({ subnet }, n) => [subnet, address(`10.0.1.${n + 7}`)])); // prettier-ignore
  const options: PathProverOptions = {
    plans: () => [sampleHostPlan(one), ...all.flatMap((ids) => [sampleVpcPlan(ids), sampleGatewayPlan(ids)])],
    findFree: async ({ bridge }) => {
      const way = Promise.withResolvers<undefined>();
      ways.push(way);
      await way.promise;
      return free.get(bridge) ?? null;
    },
    stand: ({ bridge, netns }, own) => {
      const name = `${own} at ${bridge} in ${netns}`;
      standing.add(name);
      stood.push(name);
      return Promise.resolve({
        address: own,
        ping: (ping: PingOrder) => {
          const said = report(ping);
          return said instanceof Error ? Promise.reject(said) : Promise.resolve(said);
        },
        echoRequests: () => Promise.resolve(9),
        [Symbol.asyncDispose]: () => Promise.resolve(void standing.delete(name)),
      });
    },
    limits: new ProofLimits(clock),
    ...{ clock, logger: pino({ level: 'silent' }) },
  };
  const prover = new PathProver(options);
  /** Lets everything come to its end. */
  const finish = async () => {
    for (const way of ways.splice(0)) way.resolve(undefined);
    await settle();
  };
  return { prover, clock, standing, stood, free, finish };
}

describe('a place', () => {
  it('is the bridge of a VPC’s plan, and nothing else', () => {
    const plans = [sampleHostPlan(one), sampleVpcPlan(one), sampleGatewayPlan(one)];
    expect(proofPlace(one.subnet, plans)).toEqual({
      ...{ vpc: one.vpc, netns: `lb-${one.vpc}`, bridge: one.subnet, router: '10.0.1.1', range: '10.0.1.0/24' },
    });
    for (const name of [two.subnet, one.vpc, one.gateway, 'lo', 'wan']) expect(proofPlace(name, plans)).toBeUndefined();
  });
});

describe('a path', () => {
  it('is proven from a free address of its subnet, and nobody stands there afterwards', async () => {
    const { prover, stood, standing, finish, clock } = setUp(({ packets, timeToLive }) =>
      timeToLive === null ? { sent: packets, answered: 8, longestLoss: 2, delay, refusals: [] } : silent,
    );
    const proven = prover.prove(order(one));
    await finish();
    expect(await proven).toEqual({
      ...{ source: '10.0.1.7', destination: idc, sent: proofBounds.echoes, arrived: null, answered: 8, delay },
      ...{ refusals: [], routers: [], provenAt: clock.now() },
    });
    expect(stood).toEqual([`10.0.1.7 at ${one.subnet} in lb-${one.vpc}`]);
    expect(standing.size).toBe(0);
  });

  it('between subnets has a host at both ends, where arrivals are counted', async () => {
    const { prover, stood, standing, finish } = setUp(({ packets }) => ({ ...silent, sent: packets }));
    const proven = prover.prove(order(one, two));
    await finish();
    expect(await proven).toMatchObject({ destination: '10.0.1.8', arrived: 9, answered: 0 });
    expect(stood).toHaveLength(2);
    expect(standing.size).toBe(0);
  });

  it('names who sent packets back, as far as they came', async () => {
    const from = (text: string) => ({ from: address(text), message: 'Time to live exceeded', packets: 1 });
    const said: Record<number, PingReport> = {
      1: { ...silent, refusals: [from('10.0.1.1')] },
      2: silent,
      3: { ...silent, refusals: [{ ...from('10.9.9.9'), message: 'Packet filtered' }, from('172.16.0.1')] },
      4: silent,
    };
    const routersOf = async (more: Record<number, PingReport>) => {
      const { prover, finish } = setUp(({ timeToLive }) => ({ ...said, ...more })[timeToLive ?? 0] ?? silent);
      const proven = prover.prove(order(one));
      await finish();
      return ((await proven) as { routers: unknown }).routers;
    };
    expect(await routersOf({})).toEqual(['10.0.1.1', null, '172.16.0.1']);
    // What comes from the destination is no router.
    expect(await routersOf({ 3: { ...silent, answered: 1 } })).toEqual(['10.0.1.1']);
    expect(await routersOf({ 1: { ...silent, answered: 1 } })).toEqual([]);
  });

  it('is not proven where nothing is free, and where no plan has the subnet', async () => {
    const { prover, stood, free, finish } = setUp();
    free.set(two.subnet, null);
    const proven = prover.prove(order(one, two));
    await finish();
    expect(await proven).toBe('no-free-address');
    expect(await prover.prove({ ...order(one), from: 'subnet-00000000' })).toBe('not-there');
    expect(await prover.prove({ ...order(one), to: { kind: 'subnet', id: 'subnet-00000000' } })).toBe('not-there');
    expect(stood).toEqual([]);
  });

  it('leaves nobody standing when it fails, and the VPC may be asked again', async () => {
    const { prover, standing, finish } = setUp(() => new Error('no ping'));
    for (let times = 0; times < 2; times++) {
      const proven = prover.prove(order(one, two));
      await finish();
      expect(await proven).toBe('not-started');
      expect(standing.size).toBe(0);
    }
  });

  it('is the only one of its VPC at a time, at either end, and one of few on the host', async () => {
    const { prover, finish } = setUp();
    const first = prover.prove(order(one, two));
    expect(await prover.prove(order(one))).toBe('vpc-busy');
    expect(await prover.prove(order(two))).toBe('vpc-busy');
    expect(await prover.prove(order(three, one))).toBe('vpc-busy');
    const second = prover.prove(order(three));
    await finish();
    await Promise.all([first, second]);
    const again = [prover.prove(order(one)), prover.prove(order(two))];
    // The last place is for somebody who has none.
    expect(await prover.prove(order(three))).toBe('host-busy');
    again.push(prover.prove(order(three, idc, 'other')));
    expect(await prover.prove(order(four, idc, 'third'))).toBe('host-busy');
    await finish();
    for (const proven of await Promise.all(again)) expect(proven).toMatchObject({ sent: 1 });
  });

  it('is proven for an account so often in a minute, and for others all the same', async () => {
    const { prover, clock, finish } = setUp();
    const prove = async (accountId: string) => {
      const proven = prover.prove(order(one, idc, accountId));
      await finish();
      return proven;
    };
    for (let times = 0; times < proofBounds.perAccountAndMinute; times++) expect(await prove('a')).toMatchObject({ sent: 1 }); // prettier-ignore
    expect(await prove('a')).toBe('account-proves-often');
    expect(await prove('b')).toMatchObject({ sent: 1 });
    await clock.advance(60_000);
    expect(await prove('a')).toMatchObject({ sent: 1 });
  });
});

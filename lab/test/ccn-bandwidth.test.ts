import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCcnOfTwoRegions, farRegion, trafficControlOf, type CcnOfTwoRegions } from '../src/ccn-regions.ts';
import type { Host } from '../src/host.ts';
import { PacketStream } from '../src/packet-stream.ts';
import { poll } from '@landbridge/testbed/poll';
import { waitForReply } from '../src/reach.ts';
import { measureTcp } from '../src/throughput.ts';
import { World } from '../src/world.ts';

// Bandwidth limits between the regions of a CCN, with real streams of TCP. Rates are Mbit/s.

let world: World;
let built: CcnOfTwoRegions;
let one: Host;
let two: Host;
let far: Host;

beforeAll(async () => {
  world = await World.start();
  built = await createCcnOfTwoRegions(world);
  ({ far } = built);
  [one, two] = built.near;
});

afterAll(() => world.stop());

async function setLimits(limits: readonly object[], more: object = {}): Promise<void> {
  const request = { CcnId: built.ccnId, CcnRegionBandwidthLimits: limits, ...more };
  await world.cloud.call('SetCcnRegionBandwidthLimits', request);
}

/** Waits until so many limits have this rate, as tc(8) writes it. */
async function waitForLimits(count: number, rate: string): Promise<void> {
  await poll(
    `${count} limits of ${rate}`,
    async () => (await trafficControlOf(built.ccnId)).filter((line) => line.endsWith(` at ${rate}`)),
    (lines) => lines.length === count,
    { within: 30_000 },
  );
}

/** The limit holds, and TCP makes use of it: the machine is busy, so the lower bound is generous. */
function expectRate(measured: number, limit: number): void {
  expect(measured).toBeLessThan(limit * 1.1);
  expect(measured).toBeGreaterThan(limit * 0.6);
}

async function bytesReceived({ namespace }: Host): Promise<number> {
  const [link] = await namespace.ipJson('link', 'show', 'dev', 'eth0');
  return (link as { readonly stats64: { readonly rx: { readonly bytes: number } } }).stats64.rx.bytes;
}

const stream = (from: Host, to: Host, port = 5201) => measureTcp({ from, to, seconds: 4, port });

describe('a CCN of one region', () => {
  it('has no traffic control at all', async () => {
    await waitForReply(one, two);
    expect(await trafficControlOf(built.ccnId)).toEqual([]);
  });
});

describe('a limit of what leaves a region', () => {
  it('is 1 Gbit/s until it is set', async () => {
    await built.attachFar();
    await waitForReply(one, far);
    await waitForLimits(2, '1Gbit');
    const measured = await stream(one, far);
    expect(measured).toBeLessThan(1100);
    expect(measured).toBeGreaterThan(100);
  });

  it('shapes one stream', async () => {
    await setLimits([{ Region: world.cloud.region, BandwidthLimit: 20 }]);
    await waitForLimits(1, '20Mbit');
    expectRate(await stream(one, far), 20);
  });

  it('is shared by the instances of its region, and nothing else is limited by it', async () => {
    // Streams do not begin at the same moment: what they are together is counted where both arrive.
    const [before, began] = [await bytesReceived(far), performance.now()];
    const [first, second, inside] = await Promise.all([
      stream(one, far, 5301),
      stream(two, far, 5302),
      stream(one, two, 5303),
    ]);
    const bits = ((await bytesReceived(far)) - before) * 8;
    expect(bits / (performance.now() - began) / 1000).toBeLessThan(22);
    expect(first + second).toBeGreaterThan(12);
    expect(Math.min(first, second)).toBeGreaterThan(1);
    expect(inside).toBeGreaterThan(100);
    expect(await stream(two, one)).toBeGreaterThan(100);
    expect(await stream(far, one)).toBeGreaterThan(100);
  });

  it('changes under a stream without a lost packet, in place', async () => {
    await using packets = await PacketStream.start({ from: one, to: far, packetsPerSecond: 100 });
    const objects = async () => (await trafficControlOf(built.ccnId)).map((line) => line.replace(/ at .*/, ''));
    const before = await objects();
    for (const limit of [50, 10, 20]) {
      await setLimits([{ Region: world.cloud.region, BandwidthLimit: limit }]);
      await waitForLimits(1, `${limit}Mbit`);
      await packets.waitForMore(50);
    }
    expect(await objects()).toEqual(before);
    expect(await packets.stop()).toMatchObject({ lost: 0, duplicates: 0, outOfOrder: 0 });
  });

  it('outlives the control plane, whose successor takes it over as it is', async () => {
    await using packets = await PacketStream.start({ from: one, to: far, packetsPerSecond: 100 });
    const before = await trafficControlOf(built.ccnId);
    await world.server.restart('SIGKILL', async () => expectRate(await stream(one, far), 20));
    await world.cloud.waitUntilAttached(built.ccnId, 3);
    await packets.waitForMore(50);
    expect(await trafficControlOf(built.ccnId)).toEqual(before);
    expect(await packets.stop()).toMatchObject({ duplicates: 0, outOfOrder: 0 });
  });
});

describe('a limit between two regions', () => {
  it('holds in each direction on its own', async () => {
    const { ccnId } = built;
    const kind = { CcnId: ccnId, BandwidthLimitType: 'INTER_REGION_LIMIT' };
    await world.cloud.call('ModifyCcnRegionBandwidthLimitsType', kind);
    const near = world.cloud.region;
    await setLimits([{ Region: farRegion, DstRegion: near, BandwidthLimit: 20 }]);
    await waitForLimits(2, '20Mbit');
    expectRate(await stream(one, far), 20);
    expectRate(await stream(far, two), 20);
    expect(await stream(two, one)).toBeGreaterThan(100);
    const [there, back] = await Promise.all([stream(one, far, 5301), stream(far, two, 5302)]);
    expect(Math.max(there, back)).toBeLessThan(22);
    expect(there + back).toBeGreaterThan(22);
  });

  it('goes with the second region', async () => {
    await built.detachFar();
    await poll(
      'traffic control is gone',
      () => trafficControlOf(built.ccnId),
      (lines) => lines.length === 0,
      { within: 30_000 },
    );
    await waitForReply(one, two);
  });
});

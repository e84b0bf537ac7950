import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { worldArbitrary } from '@landbridge/server/simulation/arbitrary-world';
import type { VpnConnection } from '@landbridge/server/domain/vpn/vpn-connection';
import type { World as RandomWorld } from '@landbridge/server/simulation/world';
import { Cloud } from '../src/cloud.ts';
import { describeFailure } from '../src/describe-failure.ts';
import { World } from '../src/world.ts';
import { NetworkBuilder } from './random-networks/build-network.ts';
import { countCrossings, findDifferences, probesOf, readArrivals } from './random-networks/probes.ts';
import { realisableWorld } from './random-networks/realisable-world.ts';
import { findTraceDifferences } from './random-networks/traces.ts';

// Random networks, built through the API: every packet arrives where the model of reachability says, and nowhere else; and TracePath
// says the same of its way, while tunnels are down.
// RANDOM_NETWORKS_SEED and RANDOM_NETWORKS_COUNT explore others than those that are always tried.

const seed = Number(process.env['RANDOM_NETWORKS_SEED'] ?? 20260737);
const count = Number(process.env['RANDOM_NETWORKS_COUNT'] ?? 3);

let lab: World;
let clouds: ReadonlyMap<string, Cloud>;

beforeAll(async () => {
  lab = await World.start({ settings: { quotas: { vpcVpnGateways: 20, ccnVpnGateways: 20 } } });
  const { url } = await lab.server.endpoint();
  const accounts = ['tenant-a', 'tenant-b'].map(async (AccountName) => {
    const credential = await lab.cloud.createAccount(AccountName);
    return [AccountName, new Cloud({ url, credential })] as const;
  });
  clouds = new Map(await Promise.all(accounts));
});

afterAll(() => lab.stop());

for (const [number, world] of drawWorlds().entries()) {
  it(`network ${number + 1} of seed ${seed}: ${describeSize(world)}`, { timeout: 300_000 }, async () => {
    const network = new NetworkBuilder(lab, world, clouds);
    try {
      await network.build();
      await compareWithPackets(network);
      const failing = mostReached(network);
      if (failing === undefined) return;
      await network.fail(failing);
      process.stdout.write(`${failing} fails\n`);
      await compareWithPackets(network);
    } catch (error) {
      process.stdout.write(`${JSON.stringify(network.model, null, 1)}\n${await describeFailure()}\n`);
      throw error;
    } finally {
      await network.remove();
    }
  });
}

/** Packets arrive where the model says, and the trace of each says so as well. */
async function compareWithPackets({ model, ids, places }: NetworkBuilder): Promise<void> {
  const nodes = places.map(({ node }) => node);
  const senders = nodes.filter(({ options: { place } }) => !isSilent(model, place));
  const probes = probesOf(model, senders);
  expect(await findDifferences(probes, nodes)).toEqual([]);
  const arrivals = await readArrivals(nodes);
  const { traced, intoTunnels, differences } = await findTraceDifferences(
    { model, ids, cloud: lab.cloud },
    probes,
    ({ outgoing: { text } }) => arrivals.get(text) ?? [],
  );
  expect(differences).toEqual([]);
  expect(traced).toBeGreaterThan(0);
  const arriving = probes.filter(({ expected }) => !expected.has('nowhere')).length;
  process.stdout.write(`${probes.length} kinds of packets, ${arriving} of them to arrive; ${traced} traced, `);
  process.stdout.write(`${intoTunnels} of them into tunnels\n`);
}

/** Its tunnel is down: what it sends goes nowhere. */
function isSilent({ desired, unusable }: RandomWorld, place: string): boolean {
  const tunnel = desired.vpnConnections.find(({ customerGatewayId }) => customerGatewayId === place);
  return tunnel !== undefined && unusable?.has(tunnel.id) === true;
}

/** Of the tunnels with destination routing that work, the one whose device most packets arrive at; undefined: none does. */
function mostReached({ model, places }: NetworkBuilder): VpnConnection['id'] | undefined {
  const probes = probesOf(
    model,
    places.map(({ node }) => node),
  );
  const counted = model.desired.vpnConnections
    .filter(({ id, mode }) => mode === 'route' && model.unusable?.has(id) !== true)
    .map(({ id, customerGatewayId }) => ({
      id,
      count: probes.filter(({ expected }) => expected.has(customerGatewayId)).length,
    }));
  return counted.filter(({ count }) => count > 0).sort((a, b) => b.count - a.count)[0]?.id;
}

/** Most random networks connect little: of so many in a row the one in which most packets cross a gateway is built. */
function drawWorlds(): RandomWorld[] {
  const groupSize = 10;
  const drawn = fc.sample(worldArbitrary, { seed, numRuns: count * groupSize }).map(realisableWorld);
  return Array.from({ length: count }, (_, group) => {
    const candidates = drawn.slice(group * groupSize, (group + 1) * groupSize);
    const ranked = candidates.map((world) => ({ world, crossings: countCrossings(world) }));
    return ranked.reduce((best, other) => (other.crossings > best.crossings ? other : best)).world;
  });
}

function describeSize({ desired }: RandomWorld): string {
  const { vpcs, subnets, ccns, vpnGateways, vpnConnections, directConnectLines: lines } = desired;
  const spd = vpnConnections.filter(({ mode }) => mode === 'spd').length;
  return (
    `${vpcs.length} VPCs with ${subnets.length} subnets, ${ccns.length} CCNs, ${vpnGateways.length} VPN gateways, ` +
    `${vpnConnections.length} tunnels to as many IDCs (${spd} by SPD), ${lines.length} dedicated lines`
  );
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '../src/host.ts';
import { PacketRecording } from '../src/packet-recording.ts';
import { measureMatrix, mismatches, type Cell } from '../src/reachability-matrix.ts';
import type { Scenario } from '../src/scenario.ts';
import { scenarioNamed, scenarios } from '../src/scenarios.ts';
import type { Tenant } from '../src/tenant.ts';
import { firstTenant, secondTenant, type TenantMarks } from '../src/tenant-marks.ts';
import { World } from '../src/world.ts';

// Two accounts build the same scenario at the same time on one host: the same ranges and host addresses on both sides, only the
// public addresses of the IDCs differ. Every cell holds for both, and what arrives at anybody's hosts is his own.
//
// One scenario for each mechanism, since all eleven take minutes: tunnel to tunnel in a VPC's gateway, a gateway without a network,
// SPD and a dedicated line through a CCN and back, health checks with two devices, SPD beside destination routing. For all of
// them: TENANT_SCENARIOS=all npm run test:lab -- tenants
const representative = ['2-route', '3', '4-spd', '5-vpc', '6-mixed'].map(scenarioNamed);
const chosen = process.env['TENANT_SCENARIOS'] === 'all' ? scenarios : representative;

let world: World;
let other: Tenant;

beforeAll(async () => {
  world = await World.start();
  other = await world.addTenant('other', secondTenant);
});

afterAll(() => world.stop());

afterEach(async () => {
  await world.deleteResources();
  await world.lab.removeNodes();
});

/** An account, whose mark its packets bear, and whose mark must not come to it. */
interface Side {
  readonly tenant: Tenant;
  readonly own: TenantMarks;
  readonly foreign: TenantMarks;
}

describe('two tenants with the same addresses never see each other’s packets', () => {
  it.each(chosen)('$name', async (scenario) => {
    const sides: readonly Side[] = [
      { tenant: world, own: firstTenant, foreign: secondTenant },
      { tenant: other, own: secondTenant, foreign: firstTenant },
    ];
    await Promise.all(sides.map((side) => expectOwnPacketsOnly(side, scenario)));
  });
});

async function expectOwnPacketsOnly(side: Side, scenario: Scenario): Promise<void> {
  const { cells, arrived } = await buildAndMeasure(side, scenario);
  expect(mismatches(cells)).toEqual([]);
  for (const [host, bytes] of arrived) {
    if (host in scenario.expected) expect(bytes.includes(side.own.canary), `${host} gets its own packets`).toBe(true);
    expect(bytes.includes(side.foreign.canary), `${host} gets packets of the other tenant`).toBe(false);
  }
}

interface Measured {
  readonly cells: readonly Cell[];
  /** Everything that came in at a host, by the host's name. */
  readonly arrived: readonly (readonly [string, Buffer])[];
}

async function buildAndMeasure({ tenant }: Side, scenario: Scenario): Promise<Measured> {
  const { hosts } = await scenario.build(tenant);
  const recordings = await Promise.all(hosts.map((host) => recordArrivals(host)));
  // Measured while the other one is, or is still building.
  const cells = await measureMatrix(hosts, scenario.expected);
  return { cells, arrived: await Promise.all(recordings.map((stop) => stop())) };
}

/** Returns what ends the recording and reads it. */
async function recordArrivals(host: Host): Promise<() => Promise<readonly [string, Buffer]>> {
  const file = join(world.lab.directory, `${host.namespace.name}.pcap`);
  const recording = await PacketRecording.start(host.namespace, { device: 'eth0', file, filter: ['-Q', 'in', 'icmp'] });
  return async () => {
    await recording[Symbol.asyncDispose]();
    return [host.name, await readFile(file)];
  };
}

import { callAction, type ApiEndpoint, type JsonObject } from '@landbridge/client';
import { patience, poll } from '@landbridge/testbed/poll';
import { runCommand } from '@landbridge/testbed/run-command';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownCommand } from '../src/own-command.ts';
import { PacketStream } from '../src/packet-stream.ts';
import { PacketWatch } from '../src/packet-watch.ts';
import { waitForReply } from '../src/reach.ts';
import { refused } from '../src/refused.ts';
import { killServiceProcess } from '../src/service-processes.ts';
import { buildFiveVpc, type FiveVpc } from '../src/scenarios/5-vpc.ts';
import { shortHoldDown } from '../src/scenarios/pair-states.ts';
import { quickHealthCheck, waitForPath, waitUntilHealthy } from '../src/scenarios/two-devices.ts';
import { tunnelHealth } from '../src/tunnel-health.ts';
import { World } from '../src/world.ts';

// The failover of scenario 5 is drilled: routes go to the standby and come back, and packets tell what that costs.

let world: World;
let built: FiveVpc;
let endpoint: ApiEndpoint;
let SourceSubnetId: string;
const longest = { timeout: 120_000 * patience };

beforeAll(async () => {
  world = await World.start({ settings: shortHoldDown });
  endpoint = await world.server.endpoint();
  built = await buildFiveVpc(world, { priorities: [0, 100], healthCheck: quickHealthCheck });
  await waitForPath(built, [1]);
  await waitForReply(built.vpc1.hostA, built.pair.host);
  const { SubnetSet } = await world.cloud.call('DescribeSubnets', {});
  const subnet = (SubnetSet as JsonObject[]).find(({ CidrBlock }) => CidrBlock === '10.0.1.0/24');
  SourceSubnetId = String(subnet?.['SubnetId']);
});

afterAll(() => world.stop());

const connection = (n: 1 | 2): string => (n === 1 ? built.pair.first : built.pair.second).tunnel.connectionId;
const drill = (n: 1 | 2, more: JsonObject = {}) =>
  callAction(endpoint, 'landbridge', 'DrillFailover', {
    ...{ VpnConnectionId: connection(n), SourceSubnetId, DestinationAddress: built.pair.host.address, Seconds: 4 },
    ...more,
  });

async function waitUntilUp(n: 1 | 2): Promise<void> {
  const health = () => tunnelHealth(world.cloud, connection(n));
  await poll(`${connection(n)} is up`, health, ({ State }) => State === 'up', { within: 60_000, every: 250 });
}

describe('a drill', () => {
  it('leads packets through the standby and back, and says what was lost', longest, async () => {
    const { first, second } = built.pair;
    const echo = `icmp[icmptype] = icmp-echo and dst host ${built.pair.host.address}`;
    await using atSecond = await PacketWatch.start(second.idc.namespace, 'ipsec0', echo);
    await using atFirst = await PacketWatch.start(first.idc.namespace, 'ipsec0', echo);
    const live = await PacketStream.start({ from: built.vpc1.hostA, to: built.pair.host, packetsPerSecond: 200 });
    const report = await drill(1).finally(async () => {
      const { lost } = await live.stop();
      expect(lost).toBeLessThan(20);
    });
    const { Sent, Lost, LongestLossMs, EndedEarly } = report as Record<string, number | boolean>;
    expect(EndedEarly).toBe(false);
    expect(Sent).toBeGreaterThan(300);
    expect(Lost).toBeLessThan(20);
    expect(LongestLossMs).toBeLessThan(500);
    // Four seconds of fifty a second went the other way, and those around them did not.
    expect(atSecond.packets.length).toBeGreaterThan(150);
    expect(atFirst.packets.length).toBeGreaterThan(100);
    await waitForPath(built, [1]);
  });

  it('is a word of the command line, by names', longest, async () => {
    await waitUntilUp(2);
    const name = (await tunnelHealth(world.cloud, connection(1))).VpnConnectionName;
    const flags = ['--endpoint', endpoint.url, '--data-dir', world.server.dataDirectory, '--seconds', '3'];
    const argv = [ownCommand, 'drill', name, SourceSubnetId, built.pair.host.address, ...flags];
    const { code, stdout, stderr } = await runCommand(argv);
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(
      new RegExp(
        `^\\S+ -> ${built.pair.host.address}: \\d+ of \\d{3} packets were lost.*\\n  another tunnel served all the time`,
      ),
    );
    await waitForPath(built, [1]);
  });

  it('is refused of the standby, and where the standby does not work', longest, async () => {
    expect((await refused(drill(2))).message).toContain('do not pass');
    const { second } = built.pair;
    await second.cutLine();
    try {
      await poll(
        'the standby fails',
        () => refused(drill(1)).then(({ message }) => message),
        (message) => message.includes('no other tunnel'),
        { within: 30_000, every: 500 },
      );
    } finally {
      await second.mendLine();
    }
    await waitUntilHealthy(world, built);
    await waitForPath(built, [1]);
  });

  it('ends when the standby fails in the middle: packets go on by the drilled tunnel', longest, async () => {
    const { second } = built.pair;
    await using atSecond = await PacketWatch.start(second.idc.namespace, 'ipsec0', `icmp[icmptype] = icmp-echo and dst host ${built.pair.host.address}`); // prettier-ignore
    const drilled = drill(1, { Seconds: 20 });
    try {
      await atSecond.waitFor(20, 30_000);
      await second.cutLine();
      await waitForPath(built, [1]);
      expect(await drilled).toMatchObject({ EndedEarly: true });
    } finally {
      await second.mendLine();
      await drilled.catch(() => undefined);
    }
    await waitUntilHealthy(world, built);
  });

  it('ends though the agent dies in the middle, and though the controller does', longest, async () => {
    const { second } = built.pair;
    const echo = `icmp[icmptype] = icmp-echo and dst host ${built.pair.host.address}`;
    // The next agent knows of no host that stands in the VPC.
    for (const side of ['agent', 'controller'] as const) {
      // Nor is a standby one while it is held down.
      for (const n of [1, 2] as const) await waitUntilUp(n);
      await using atSecond = await PacketWatch.start(second.idc.namespace, 'ipsec0', echo);
      const drilled = drill(1, { Seconds: 8 }).then(
        () => 'over',
        () => 'cut off',
      );
      await atSecond.waitFor(20, 30_000);
      await killServiceProcess(world.server.pid, side);
      expect(await drilled).toBe('cut off');
      await waitForPath(built, [1]);
      await waitForReply(built.vpc1.hostA, built.pair.host);
      await poll(
        'the API answers',
        () => world.cloud.call('DescribeVpcs', {}),
        () => true,
        { within: 30_000, every: 250 },
      );
    }
  });
});

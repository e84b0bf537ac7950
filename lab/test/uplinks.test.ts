import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { connectIdc } from '../src/idc-connection.ts';
import { poll } from '@landbridge/testbed/poll';
import { runChecked } from '@landbridge/testbed/run-command';
import { createVpc1 } from '../src/vpc-1.ts';
import { gatewayAddresses, hostAddress, type UplinkKind } from '../src/uplink.ts';
import { waitForReply } from '../src/reach.ts';
import { oneRoute } from '../src/scenarios/1-route.ts';
import { ownCommand } from '../src/own-command.ts';
import { createInsideNetwork } from '../src/inside-network.ts';
import { PacketWatch } from '../src/packet-watch.ts';
import { ping } from '../src/ping.ts';
import { World } from '../src/world.ts';

// One tunnel and a ping each way through the ways in which a gateway gets its public address. The other files use `routed`.

describe('the uplink', () => {
  it.each<[UplinkKind, RegExp]>([
    ['macvlan', /^203\.0\.113\.1[2-9]\d$/],
    ['bridge-port', /^203\.0\.113\.1[2-9]\d$/],
    ['nat', /^203\.0\.113\.1$/],
  ])(
    `%s carries a tunnel (addresses from ${gatewayAddresses}, or the host's own ${hostAddress})`,
    async (uplink, address) => {
      const world = await World.start({ uplink });
      try {
        const capture = await world.lab.capture();
        const { vpc1, tunnel } = await oneRoute.build(world);
        expect(vpc1.gateway.publicAddress).toMatch(address);
        await waitForReply(vpc1.hostA, tunnel.idc.host);
        await waitForReply(tunnel.idc.host, vpc1.hostA);
        expect(await capture.stop()).toMatchObject({ inner: [], sawCanary: false });
        await expectNoRouter(world);
      } finally {
        await world.stop();
      }
    },
  );
});

describe('an uplink that the operator got wrong', () => {
  it('is named at the tunnels instead of the peer, heals by itself, and is not changed under gateways that stand', async () => {
    const uplink = {
      mode: 'bridged',
      bridge: 'br-late',
      addresses: [gatewayAddresses],
      prefixLength: 24,
      nextHop: hostAddress,
    };
    const world = await World.start({ uplink: 'macvlan', settings: { uplink } });
    const { lab, cloud, server } = world;
    try {
      const idc = await lab.createIdc(1);
      const { vpcId, gateway } = await createVpc1(world);
      const { connectionId } = await connectIdc(world, { gateway, vpcId, idc, cloudRanges: ['10.0.0.0/16'] });
      const told = 'bridge br-late does not exist on this host';
      await poll(
        'the condition names the bridge',
        () => conditionOf(world, 'uplink'),
        (text) => text.includes(told),
        { within: 30_000, every: 250 },
      );
      await poll(
        'the tunnel names the bridge',
        () => lastErrorOf(world, connectionId),
        (text) => text.includes(told),
        { within: 30_000, every: 250 },
      );
      await lab.host.ip('link add br-late type bridge', 'link set uplink master br-late', 'link set br-late up');
      await cloud.waitUntilConnected(connectionId);
      await poll(
        'the condition is over',
        () => conditionOf(world, 'uplink'),
        (text) => text === '',
        { within: 30_000, every: 250 },
      );
      await server.stop('SIGTERM');
      const file = join(lab.directory, 'landbridge.json');
      const good = await readFile(file, 'utf8');
      await writeFile(file, good.replace(gatewayAddresses, '203.0.113.64/28'));
      await expect(server.startAgain()).rejects.toThrow(
        new RegExp(`${gateway.gatewayId} \\(${gateway.publicAddress}\\)`),
      );
      await writeFile(file, good);
      await server.startAgain();
    } finally {
      await lab.host.ip('link delete br-late').catch(() => undefined);
      await world.stop();
    }
  });
});

describe('a host that has other addresses', () => {
  it('gives its gateways new ones, whose peers are told before, and the tunnel is up by them', async () => {
    const world = await World.start();
    try {
      const { vpc1, tunnel } = await oneRoute.build(world);
      const { gatewayId, publicAddress } = vpc1.gateway;
      const [other, range] = ['203.0.113.70', '203.0.113.64/28'];
      await world.server.stop('SIGTERM');
      const file = join(world.lab.directory, 'landbridge.json');
      await writeFile(file, (await readFile(file, 'utf8')).replace(gatewayAddresses, range));
      await expect(world.server.startAgain()).rejects.toThrow('landbridge readdress');
      const argv = [ownCommand, 'readdress', `${publicAddress}=${other}`, '--data-dir', world.server.dataDirectory];
      expect(await runChecked(argv)).toMatch(
        new RegExp(
          `^${gatewayId} .*${publicAddress} -> ${other}\n.*the peer ${tunnel.idc.publicAddress} has to be told\nNothing was done`,
        ),
      );
      expect(await runChecked([...argv, '--yes'])).toContain('Done.');
      await tunnel.idc.charon.load([{ ...tunnel.peer, remoteAddress: other }]);
      await world.server.startAgain();
      await world.cloud.waitUntilApplied(gatewayId);
      await waitForReply(vpc1.hostA, tunnel.idc.host);
      const { VpnGatewaySet } = await world.cloud.call('DescribeVpnGateways', { VpnGatewayIds: [gatewayId] });
      expect(VpnGatewaySet).toMatchObject([{ PublicIpAddress: other }]);
      // Nobody is where it was.
      expect(await ping({ namespace: world.lab.host }, publicAddress)).toMatchObject({ received: 0 });
    } finally {
      await world.stop();
    }
  });
});

/** What is wrong with it; empty when nothing is. */
async function conditionOf({ cloud }: World, name: string): Promise<string> {
  const { Conditions } = await cloud.call('DescribeSystemStatus', {}, 'landbridge');
  const conditions = Conditions as readonly { readonly Name: string; readonly Message: string }[];
  return conditions.find(({ Name }) => Name === name)?.Message ?? '';
}

async function lastErrorOf({ cloud }: World, connectionId: string): Promise<string> {
  const { Gateways } = await cloud.call('DescribeSystemStatus', {}, 'landbridge');
  type Tunnel = Readonly<Record<'VpnConnectionId' | 'LastError', string>>;
  const tunnels = (Gateways as { readonly Tunnels: readonly Tunnel[] }[]).flatMap(({ Tunnels }) => Tunnels);
  return tunnels.find(({ VpnConnectionId }) => VpnConnectionId === connectionId)?.LastError ?? '';
}

/** Whoever is on the internet reaches the gateway's machine, but nothing through it. */
async function expectNoRouter({ lab }: World): Promise<void> {
  const inside = await createInsideNetwork(lab);
  const stranger = await lab.createStranger('203.0.113.66');
  await stranger.ip(`route add 10.98.0.0/24 via ${hostAddress} dev wan`);
  await using atInside = await PacketWatch.start(inside.namespace, 'eth0', 'icmp[icmptype] = icmp-echo');
  expect(await ping({ namespace: stranger }, hostAddress)).toMatchObject({ received: 1 });
  await ping({ namespace: stranger }, inside.address, { count: 3 });
  expect(await ping({ namespace: lab.host }, inside.address)).toMatchObject({ received: 1 });
  await atInside.waitFor(1);
  expect(atInside.packets).toHaveLength(1);
}

import { describe, expect, it } from 'vitest';
import { gatewayAddresses, hostAddress, type UplinkKind } from '../src/uplink.ts';
import { waitForReply } from '../src/reach.ts';
import { oneRoute } from '../src/scenarios/1-route.ts';
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

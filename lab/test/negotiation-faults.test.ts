import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '@landbridge/client';
import { ping } from '../src/ping.ts';
import { hold, poll } from '@landbridge/testbed/poll';
import { waitForReply } from '../src/reach.ts';
import { oneRoute, type OneRoute } from '../src/scenarios/1-route.ts';
import type { PeerConnection } from '../src/swanctl-configuration.ts';
import type { WireCapture } from '../src/wire-capture.ts';
import { World } from '../src/world.ts';

// What keeps a tunnel down, who starts it, and how soon NetStatus tells (docs/spec/scenarios.md section 1, cases 4 and
// 9; docs/spec/semantics.md section 3).

let world: World;
let built: OneRoute;
let capture: WireCapture;

beforeAll(async () => {
  world = await World.start();
  capture = await world.lab.capture();
  built = await oneRoute.build(world);
});

afterAll(() => world.stop());

/** Every test starts from a working tunnel with the peer's agreed configuration. */
beforeEach(async () => {
  const { tunnel, vpc1 } = built;
  await world.cloud.modifyVpnConnection(tunnel.connectionId, { NegotiationType: 'active' });
  await tunnel.idc.charon.load([tunnel.peer]);
  await world.cloud.waitUntilConnected(tunnel.connectionId, 60_000);
  await waitForReply(vpc1.hostA, tunnel.idc.host);
});

describe('a tunnel stays down, and is provisioned all the same', () => {
  it.each<[string, Partial<PeerConnection>, RegExp]>([
    ['the wrong key', { preSharedKey: 'not the key' }, /authentication|AUTH/i],
    ['other IKE algorithms', { ikeProposals: 'aes128-sha512-modp4096' }, /proposal/i],
    ['other ESP algorithms', { espProposals: 'aes128-sha1' }, /proposal/i],
  ])('with %s', async (_, peer, reason) => {
    const { tunnel, vpc1 } = built;
    await tunnel.idc.charon.load([{ ...tunnel.peer, ...peer }]);
    await world.cloud.resetVpnConnection(vpc1.gateway.gatewayId, tunnel.connectionId);
    await world.cloud.waitUntilDown(tunnel.connectionId);
    await poll(
      'the reason is told',
      () => lastError(),
      (text) => reason.test(text),
      { within: 20_000 },
    );
    expect(await ping(vpc1.hostA, tunnel.idc.host.address, { count: 3 })).toMatchObject({ received: 0 });
    expect(await world.cloud.state(tunnel.connectionId)).toBe('AVAILABLE');
    expect(await world.cloud.netStatus(tunnel.connectionId)).toBe('UNAVAILABLE');
  });

  it('when both ends are passive', async () => {
    const { tunnel, vpc1 } = built;
    await world.cloud.modifyVpnConnection(tunnel.connectionId, { NegotiationType: 'passive' });
    await world.cloud.resetVpnConnection(vpc1.gateway.gatewayId, tunnel.connectionId);
    await world.cloud.waitUntilDown(tunnel.connectionId);
    const status = (): Promise<string> => world.cloud.netStatus(tunnel.connectionId);
    await Promise.all([
      hold('a passive tunnel stays down', status, (value) => value === 'UNAVAILABLE', { during: 4000 }),
      ping(vpc1.hostA, tunnel.idc.host.address, { count: 10 }),
    ]);
    // Passive is not deaf.
    expect(await tunnel.idc.charon.initiate('cloud-1')).toBe(true);
    await world.cloud.waitUntilConnected(tunnel.connectionId);
    await waitForReply(vpc1.hostA, tunnel.idc.host);
  });
});

describe('a flowTrigger tunnel', () => {
  it('comes up with the first packet from the VPC, not before', async () => {
    const { tunnel, vpc1 } = built;
    await world.cloud.modifyVpnConnection(tunnel.connectionId, { NegotiationType: 'flowTrigger' });
    await world.cloud.resetVpnConnection(vpc1.gateway.gatewayId, tunnel.connectionId);
    await world.cloud.waitUntilDown(tunnel.connectionId);
    const status = (): Promise<string> => world.cloud.netStatus(tunnel.connectionId);
    await hold('no traffic, no tunnel', status, (value) => value === 'UNAVAILABLE', { during: 2500 });
    await waitForReply(vpc1.hostA, tunnel.idc.host);
    await world.cloud.waitUntilConnected(tunnel.connectionId);
  });
});

describe('NetStatus', () => {
  it('follows within a second when the peer deletes the tunnel, and when it is back', async () => {
    const { tunnel, vpc1 } = built;
    await world.cloud.modifyVpnConnection(tunnel.connectionId, { NegotiationType: 'passive' });
    await world.cloud.waitUntilApplied(vpc1.gateway.gatewayId);
    expect(await tunnel.idc.charon.initiate('cloud-1')).toBe(true);
    await world.cloud.waitUntilConnected(tunnel.connectionId);
    await tunnel.idc.charon.terminate('cloud');
    await world.cloud.waitUntilDown(tunnel.connectionId, 1000);
    expect(await tunnel.idc.charon.initiate('cloud-1')).toBe(true);
    await world.cloud.waitUntilConnected(tunnel.connectionId, 1000);
  });
});

it('nothing inner went by in clear on the internet in all of this', async () => {
  const wire = await capture.stop();
  expect(wire).toMatchObject({ inner: [], sawCanary: false });
  expect(wire.encrypted).toBeGreaterThan(20);
});

async function lastError(): Promise<string> {
  const { Gateways } = await world.cloud.call('DescribeSystemStatus', {}, 'landbridge');
  return JSON.stringify((Gateways as JsonObject[]).map(({ Tunnels }) => Tunnels));
}

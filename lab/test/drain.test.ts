import { runChecked, runCommand } from '@landbridge/testbed/run-command';
import { poll } from '@landbridge/testbed/poll';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { GatewayCharon } from '../src/gateway-charon.ts';
import { anotherGatewayProcess, gatewayProcess, killGatewayProcess } from '../src/gateway-processes.ts';
import { ownCommand } from '../src/own-command.ts';
import { waitForReply, waitForSilence } from '../src/reach.ts';
import { oneRoute, type OneRoute } from '../src/scenarios/1-route.ts';
import { killServiceProcess, serviceProcess } from '../src/service-processes.ts';
import type { WireCapture } from '../src/wire-capture.ts';
import { World } from '../src/world.ts';

// A host is taken out of service: its peers hear of it, and nothing brings a tunnel up again but the word of who drained it.

let world: World;
let built: OneRoute;
let capture: WireCapture;

beforeAll(async () => {
  world = await World.start();
  capture = await world.lab.capture();
  built = await oneRoute.build(world);
  await waitForReply(built.vpc1.hostA, built.tunnel.idc.host);
});

afterEach(async () => {
  await own('--undo');
  await world.cloud.waitUntilConnected(built.tunnel.connectionId, 60_000);
  await waitForReply(built.vpc1.hostA, built.tunnel.idc.host);
});

afterAll(() => world.stop());

describe('a host that is drained', () => {
  it('says first what would go down, and then tells the peer by a DELETE', async () => {
    const { connectionId, idc } = built.tunnel;
    expect(await own()).toMatch(new RegExp(`would go down:\n.*${connectionId}[^]*Nothing was done`));
    await waitForReply(built.vpc1.hostA, idc.host);
    const before = await idc.charon.log();
    expect(await own('--yes')).toMatch(new RegExp(`Drained[^]*${connectionId}`));
    expect(await idc.charon.listSas()).not.toContain('ESTABLISHED');
    expect((await idc.charon.log()).slice(before.length)).toContain('received DELETE for IKE_SA');
    await world.cloud.waitUntilDown(connectionId);
    expect(await world.cloud.state(connectionId)).toBe('AVAILABLE');
    expect(await world.cloud.tunnelStatus(connectionId)).toMatchObject({
      NetStatus: 'UNAVAILABLE',
      State: 'negotiating',
      LastError: expect.stringMatching(/^This host is drained/) as string,
    });
    await poll(
      'status says so',
      () => world.server.status(),
      (text) => /^! drained: since \d{4}-/m.test(text),
      { within: 30_000 },
    );
    await expectStaysDown();
    await waitForSilence(built.vpc1.hostA, idc.host);
    // Twice is once.
    expect(await own('--yes')).toMatch(/Drained[^]*none/);
  });

  it('stays so when whatever serves it is started again, without a controller too, and whatever is changed', async () => {
    const { gatewayId } = built.vpc1.gateway;
    await own('--yes');
    await world.server.restart('SIGKILL');
    await world.cloud.waitUntilApplied(gatewayId);
    await expectStaysDown();
    const charon = await gatewayProcess(gatewayId, 'charon');
    await killGatewayProcess(gatewayId, 'charon');
    await untilAnotherCharon(charon);
    await expectStaysDown();
    await world.cloud.call('ResetVpnConnection', {
      VpnGatewayId: gatewayId,
      VpnConnectionId: built.tunnel.connectionId,
    });
    await world.cloud.waitUntilApplied(gatewayId);
    await expectStaysDown();
    const controller = (await serviceProcess(world.server.pid, 'controller')) ?? expect.fail('no controller');
    process.kill(controller, 'SIGSTOP');
    try {
      await killServiceProcess(world.server.pid, 'agent');
      const last = await gatewayProcess(gatewayId, 'charon');
      await killGatewayProcess(gatewayId, 'charon');
      await untilAnotherCharon(last);
      await expectStaysDown();
    } finally {
      process.kill(controller, 'SIGCONT');
    }
  });

  it('is told so while no service runs: gateways, which go on without one, end their tunnels, and the next start begins none', async () => {
    const { idc } = built.tunnel;
    await world.server.stop('SIGTERM');
    try {
      await waitForReply(built.vpc1.hostA, idc.host);
      expect(await own('--yes')).toContain(built.tunnel.connectionId);
      expect(await idc.charon.listSas()).not.toContain('ESTABLISHED');
      await expectStaysDown();
    } finally {
      await world.server.startAgain();
    }
    await world.cloud.waitUntilApplied(built.vpc1.gateway.gatewayId);
    await expectStaysDown();
  });

  it('is no place without an installation', async () => {
    const refused = await runCommand([ownCommand, 'drain', '--yes', '--data-dir', '/nowhere']);
    expect(refused).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no installation in /nowhere') as string,
    });
  });
});

it('nothing of all this left in clear', async () => {
  const { encrypted, ...seen } = await capture.stop();
  expect(encrypted).toBeGreaterThan(10);
  expect(seen).toEqual({ inner: [], sawCanary: false });
});

/** Nothing is loaded that could begin, and the peer is refused. */
async function expectStaysDown(): Promise<void> {
  const { idc } = built.tunnel;
  const charon = new GatewayCharon(world.server.dataDirectory, built.vpc1.gateway.gatewayId);
  expect(await charon.connections()).not.toContain('vpnx-');
  expect(await idc.charon.initiate('cloud-1', 5)).toBe(false);
  expect(await charon.spis()).toEqual({ ike: [], child: [] });
}

/** That runs, and was told what there is. */
async function untilAnotherCharon(former: number | undefined): Promise<void> {
  const { gatewayId } = built.vpc1.gateway;
  await anotherGatewayProcess(gatewayId, 'charon', former);
  await poll(
    'it answers',
    () =>
      new GatewayCharon(world.server.dataDirectory, gatewayId).connections().then(
        () => true,
        () => false,
      ),
    Boolean,
    { within: 30_000 },
  );
}

function own(...flags: readonly string[]): Promise<string> {
  return runChecked([ownCommand, 'drain', ...flags, '--data-dir', world.server.dataDirectory], { within: 90_000 });
}

import { mkdir, readFile, readdir, rm } from 'node:fs/promises';
import { getPriority } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gatewayProcess, killGatewayProcess } from '../src/gateway-processes.ts';
import { killServiceProcess, serviceProcess, socketsOf, statusesOf } from '../src/service-processes.ts';
import { GatewayCharon } from '../src/gateway-charon.ts';
import { loseGatewaySas } from '../src/gateway-xfrm.ts';
import { PacketStream } from '../src/packet-stream.ts';
import { poll } from '@landbridge/testbed/poll';
import { runChecked, runCommand } from '@landbridge/testbed/run-command';
import { waitForReply, waitForSilence } from '../src/reach.ts';
import { ProgramCopy, runsFromSources } from '../src/program-copy.ts';
import { oneRoute, type OneRoute } from '../src/scenarios/1-route.ts';
import type { WireCapture } from '../src/wire-capture.ts';
import { World } from '../src/world.ts';

// Every process on both sides ends at a bad moment; packets are counted, and nothing may leave in clear.

const checkout = fileURLToPath(new URL('../../', import.meta.url));
/** Where health and metrics are asked for. */
const watched = 'http://127.0.0.1:9701';

let world: World;
let built: OneRoute;
let capture: WireCapture;

beforeAll(async () => {
  world = await World.start({ settings: { metrics: { listen: new URL(watched).host } } });
  capture = await world.lab.capture();
  built = await oneRoute.build(world);
  await waitForReply(built.vpc1.hostA, built.tunnel.idc.host);
});

afterAll(() => world.stop());

function startStream(): Promise<PacketStream> {
  return PacketStream.start({ from: built.vpc1.hostA, to: built.tunnel.idc.host, packetsPerSecond: 100 });
}

describe('the control plane ends while 100 packets a second flow', () => {
  it('by SIGKILL, and the next start takes over: no packet is lost', async () => {
    await using stream = await startStream();
    await stream.waitForMore(50);
    await world.server.restart('SIGKILL', () => stream.waitForMore(100));
    await world.cloud.waitUntilConnected(built.tunnel.connectionId);
    await world.cloud.waitUntilApplied(built.vpc1.gateway.gatewayId);
    await stream.waitForMore(100);
    expect(await stream.stop()).toMatchObject({ lost: 0, duplicates: 0, outOfOrder: 0 });
  });

  it('in order: no packet is lost', async () => {
    await using stream = await startStream();
    await world.server.restart('SIGTERM', () => stream.waitForMore(100));
    await world.cloud.waitUntilConnected(built.tunnel.connectionId);
    await stream.waitForMore(100);
    expect(await stream.stop()).toMatchObject({ lost: 0, duplicates: 0, outOfOrder: 0 });
  });

  it('and what was changed meanwhile is applied after the start', async () => {
    const { vpc1, tunnel, gatewayRouteId } = built;
    const { gatewayId } = vpc1.gateway;
    try {
      await world.server.restart('SIGKILL', async () => {
        // An API that touches nothing: what it accepts is in no network yet.
        await world.server.startAgain('none');
        await world.cloud.setGatewayRouteStatus(gatewayId, gatewayRouteId, 'DISABLE');
        await waitForReply(vpc1.hostA, tunnel.idc.host);
        await world.server.stop('SIGKILL');
      });
      await world.cloud.waitUntilApplied(gatewayId);
      await waitForSilence(vpc1.hostA, tunnel.idc.host);
    } finally {
      await world.cloud.setGatewayRouteStatus(gatewayId, gatewayRouteId, 'ENABLE');
    }
    await waitForReply(vpc1.hostA, tunnel.idc.host);
  });
});

describe('one process of the service', () => {
  /** What is changed from now on reaches the network. */
  async function expectChanges(): Promise<void> {
    const { vpc1, tunnel, gatewayRouteId } = built;
    const { gatewayId } = vpc1.gateway;
    try {
      await poll(
        'the API takes a change',
        () =>
          world.cloud.setGatewayRouteStatus(gatewayId, gatewayRouteId, 'DISABLE').then(
            () => true,
            () => false,
          ),
        Boolean,
        { within: 30_000 },
      );
      await waitForSilence(vpc1.hostA, tunnel.idc.host);
    } finally {
      await world.cloud.setGatewayRouteStatus(gatewayId, gatewayRouteId, 'ENABLE');
    }
    await waitForReply(vpc1.hostA, tunnel.idc.host);
    await world.cloud.waitUntilApplied(gatewayId);
  }

  it.each(['controller', 'agent'] as const)(
    'is killed: the %s: no packet is lost, and each finds the other',
    async (side) => {
      await using stream = await startStream();
      await stream.waitForMore(50);
      await killServiceProcess(world.server.pid, side);
      await stream.waitForMore(200);
      expect(await stream.stop()).toMatchObject({ lost: 0, duplicates: 0, outOfOrder: 0 });
      await expectChanges();
    },
  );

  it.each(['controller', 'agent'] as const)(
    'is stopped: the %s: no packet is lost, and what waits is done when it goes on',
    async (side) => {
      const pid = (await serviceProcess(world.server.pid, side)) ?? expect.fail(`no ${side}`);
      await using stream = await startStream();
      process.kill(pid, 'SIGSTOP');
      try {
        await stream.waitForMore(500);
        if (side === 'agent') {
          const { Conditions } = await world.cloud.call('DescribeSystemStatus', {}, 'landbridge');
          expect(Conditions).toContainEqual({
            Name: 'agent',
            Ok: false,
            Message: expect.stringMatching(/^the agent does not answer for \d+ s: gateways go on/) as string,
          });
          await expectWatched({ ready: 503, connected: 0 });
          const { SubnetSet } = await world.cloud.call('DescribeSubnets', {});
          const [{ SubnetId } = {}] = SubnetSet as { SubnetId?: string }[];
          await expect(
            world.cloud.call('AttachSubnetInterface', { SubnetId, InterfaceName: 'eth-none' }, 'landbridge'),
          ).rejects.toMatchObject({ code: 'ResourceUnavailable' });
        }
      } finally {
        process.kill(pid, 'SIGCONT');
      }
      expect(await stream.stop()).toMatchObject({ lost: 0, duplicates: 0, outOfOrder: 0 });
      await expectChanges();
      await expectWatched({ ready: 200, connected: 1 });
    },
  );

  it('is not needed by the other: without a controller, agent and charon are killed, and the tunnel returns', async () => {
    const { gatewayId } = built.vpc1.gateway;
    const controller = (await serviceProcess(world.server.pid, 'controller')) ?? expect.fail('no controller');
    process.kill(controller, 'SIGSTOP');
    try {
      await killServiceProcess(world.server.pid, 'agent');
      const spis = await new GatewayCharon(world.server.dataDirectory, gatewayId).spis();
      await killGatewayProcess(gatewayId, 'charon');
      await poll(
        'a new charon has new SAs',
        () => new GatewayCharon(world.server.dataDirectory, gatewayId).spis().catch(() => ({ child: [] })),
        ({ child }) => child.length > 0 && child.every((spi) => !spis.child.includes(spi)),
        { within: 60_000 },
      );
      await waitForReply(built.vpc1.hostA, built.tunnel.idc.host);
    } finally {
      process.kill(controller, 'SIGCONT');
    }
    await expectChanges();
    await world.cloud.waitUntilConnected(built.tunnel.connectionId, 60_000);
  });

  it('hears tenants, the controller, and has no capability, nor a way to one, and cannot read /etc/shadow', async () => {
    const pid = (await serviceProcess(world.server.pid, 'controller')) ?? expect.fail('no controller');
    const statuses = await statusesOf(pid);
    expect(statuses.length).toBeGreaterThan(1);
    for (const status of statuses) {
      for (const set of ['CapPrm', 'CapEff', 'CapBnd', 'CapAmb'])
        expect([set, status.get(set)]).toEqual([set, '0'.repeat(16)]);
      expect(status.get('NoNewPrivs')).toBe('1');
      expect(status.get('Groups')?.trim()).toBe('');
      expect(new Set(status.get('Uid')?.split('\t')).size).toBe(1);
      expect(status.get('Uid')).not.toMatch(/^0\t/);
    }
    const [user, group] = ['Uid', 'Gid'].map((name) => statuses[0]?.get(name)?.split('\t')[0] ?? '');
    const asController = (...argv: string[]) =>
      runCommand(['setpriv', `--reuid=${user}`, `--regid=${group}`, '--clear-groups', '--no-new-privs', '--', ...argv]);
    const { dataDirectory } = world.server;
    for (const file of ['/etc/shadow', `/proc/${process.pid}/environ`]) {
      expect(await asController('cat', file)).toMatchObject({
        stdout: '',
        stderr: expect.stringMatching(/denied/) as string,
      });
    }
    for (const trick of [
      `ls ${dataDirectory}/run`,
      `mv ${dataDirectory}/run ${dataDirectory}/away`,
      `ls ${dataDirectory}/agent`,
    ]) {
      expect(await asController('sh', '-c', trick)).toMatchObject({
        stderr: expect.stringMatching(/denied|not permitted/) as string,
      });
    }
  });

  it('hears tenants, the controller, and computes when those who act leave it the time: so do all its threads', async () => {
    const [controller = [], agent = []] = await Promise.all(
      (['controller', 'agent'] as const).map(async (side) => {
        const pid = (await serviceProcess(world.server.pid, side)) ?? expect.fail(`no ${side}`);
        return (await readdir(`/proc/${pid}/task`)).map((thread) => getPriority(Number(thread)));
      }),
    );
    expect(controller.length).toBeGreaterThan(1);
    expect(Math.min(...controller)).toBeGreaterThan(Math.max(...agent));
  });

  it('acts, the agent, and listens on nothing but the seam', async () => {
    const pid = (await serviceProcess(world.server.pid, 'agent')) ?? expect.fail('no agent');
    const own = new Set(await socketsOf(pid));
    const listening = (await readFile(`/proc/${pid}/net/unix`, 'utf8'))
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      // __SO_ACCEPTCON of unix(7)'s flags.
      .filter(([, , , flags, , , inode]) => flags === '00010000' && own.has(inode ?? ''));
    expect(listening.map(([, , , , , , , path]) => path)).toEqual([
      expect.stringMatching(/^\/run\/landbridge-\w+\/seam$/),
    ]);
    const inet = await Promise.all(
      ['tcp', 'tcp6', 'udp', 'udp6', 'raw'].map((name) => readFile(`/proc/${pid}/net/${name}`, 'utf8').catch(() => '')),
    );
    const inodes = inet.flatMap((text) =>
      text
        .split('\n')
        .slice(1)
        .map((line) => line.trim().split(/\s+/)[9] ?? ''),
    );
    expect(inodes.filter((inode) => own.has(inode))).toEqual([]);
  });
});

describe.runIf(runsFromSources)('one half is another version than the other, as while a new one is installed', () => {
  async function expectCondition(name: string, message: RegExp | ''): Promise<void> {
    const conditions = async () => {
      const { Conditions } = await world.cloud.call('DescribeSystemStatus', {}, 'landbridge');
      return (Conditions as { Name: string; Message: string }[]).find(({ Name }) => Name === name)?.Message;
    };
    const isIt = (text: string | undefined) =>
      text !== undefined && (message === '' ? text === '' : message.test(text));
    await poll(`the condition ${name}`, () => conditions().catch(() => undefined), isIt, { within: 30_000 });
  }

  it('no packet is lost, the operator is told which half is behind, and what waits is done once it is not', async () => {
    const { vpc1, tunnel, gatewayRouteId } = built;
    const { gatewayId } = vpc1.gateway;
    const setRoute = (status: 'ENABLE' | 'DISABLE') =>
      world.cloud.setGatewayRouteStatus(gatewayId, gatewayRouteId, status);
    const program = await ProgramCopy.make(join(world.lab.directory, 'program'));
    const newest = await program.newestOfSeam();
    await using stream = await startStream();
    try {
      await world.server.restart('SIGTERM', () => {
        world.server.runFrom(program.command);
      });
      await expectCondition('versions', '');
      // A newer agent that still speaks the version of the controller: nothing waits.
      await program.become('98.0.0', { oldest: 1, newest: newest + 1 });
      await killServiceProcess(world.server.pid, 'agent');
      await expectCondition('versions', /^the agent is of version 98\.0\.0, .*: start the controller anew/);
      await setRoute('ENABLE');
      await world.cloud.waitUntilApplied(gatewayId);
      // One that does not: what is there stays.
      await program.become('99.0.0', { oldest: newest + 1, newest: newest + 1 });
      await killServiceProcess(world.server.pid, 'agent');
      await expectCondition(
        'agent',
        new RegExp(`speaks version ${newest + 1} of the seam, .* versions 1 to ${newest}: update the controller`),
      );
      await stream.waitForMore(300);
      expect(await stream.stop()).toMatchObject({ lost: 0, duplicates: 0, outOfOrder: 0 });
      await setRoute('DISABLE');
      await waitForReply(vpc1.hostA, tunnel.idc.host);
      // The controller is updated as well, and what waited is done.
      await killServiceProcess(world.server.pid, 'controller');
      await waitForSilence(vpc1.hostA, tunnel.idc.host);
      await expectCondition('versions', '');
      // The other way round: a controller that starts and finds an agent that it does not understand.
      await program.become('100.0.0', { oldest: newest + 2, newest: newest + 2 });
      await killServiceProcess(world.server.pid, 'controller');
      await expectCondition(
        'agent',
        new RegExp(`speaks version ${newest + 1} of the seam, .* version ${newest + 2}: update the agent`),
      );
      await expect(setRoute('ENABLE')).rejects.toMatchObject({ code: 'ResourceUnavailable' });
      await killServiceProcess(world.server.pid, 'agent');
      await expectCondition('versions', '');
    } finally {
      await world.server.restart('SIGTERM', () => {
        world.server.runFrom();
      });
      await setRoute('ENABLE');
    }
    await world.cloud.waitUntilApplied(gatewayId);
    await waitForReply(vpc1.hostA, tunnel.idc.host);
  });
});

describe('a program that only root can read, as one below /root', () => {
  it('hears tenants as a user who cannot, whatever it has to load', async () => {
    const place = join(world.lab.directory, 'of-root');
    const program = join(place, 'program');
    await mkdir(place);
    try {
      await runChecked(['mount', '-t', 'tmpfs', '-o', 'mode=700', 'tmpfs', place]);
      await mkdir(program);
      await runChecked(['mount', '--bind', checkout, program]);
      const asUser = ['setpriv', '--reuid=landbridge', '--regid=landbridge', '--clear-groups'];
      expect((await runCommand([...asUser, 'test', '-r', join(program, 'landbridge')])).code).toBe(1);
      await world.server.restart('SIGTERM', () => {
        world.server.runFrom(join(program, 'landbridge'));
      });
      await world.cloud.call('DescribeVpnGateways');
      await expect(world.cloud.call('DescribeVpnGateways', { Limit: 'ten' })).rejects.toMatchObject({
        code: 'InvalidParameter',
      });
      const metrics = await fetch(new URL('/metrics', watched));
      expect(metrics.status).toBe(200);
      await waitForReply(built.vpc1.hostA, built.tunnel.idc.host);
    } finally {
      await world.server.restart('SIGTERM', () => {
        world.server.runFrom();
      });
      for (const mounted of [program, place]) await runCommand(['umount', '--lazy', mounted]);
      await rm(place, { recursive: true, force: true });
    }
  });
});

describe('SAs that only charon believes in', () => {
  it('are negotiated anew within seconds, and charon runs on', async () => {
    const { gatewayId } = built.vpc1.gateway;
    const charon = await gatewayProcess(gatewayId, 'charon');
    const before = await new GatewayCharon(world.server.dataDirectory, gatewayId).spis();
    await using stream = await startStream();
    // The stream sees the gap; it can be too short for pings.
    await loseGatewaySas(gatewayId);
    await stream.waitForMore(50, 15_000);
    const { lost, longestGapMs } = await stream.stop();
    process.stdout.write(`SAs lost: ${lost} packets lost, longest gap ${longestGapMs} ms\n`);
    expect(lost).toBeGreaterThan(0);
    const after = await new GatewayCharon(world.server.dataDirectory, gatewayId).spis();
    expect(after.ike).toEqual(before.ike);
    expect(after.child.filter((spi) => before.child.includes(spi))).toEqual([]);
    expect(await gatewayProcess(gatewayId, 'charon')).toBe(charon);
  });
});

describe('a process of the gateway is killed', () => {
  it('charon: it comes back and so does the tunnel', async () => {
    await using stream = await startStream();
    await killGatewayProcess(built.vpc1.gateway.gatewayId, 'charon');
    await expectRecovery('charon', stream);
  });

  it('uxfrm: it comes back and so does the tunnel', async (context) => {
    const { gatewayId } = built.vpc1.gateway;
    if ((await gatewayProcess(gatewayId, 'uxfrm')) === undefined)
      return context.skip('the data plane here is the kernel');
    await using stream = await startStream();
    await killGatewayProcess(gatewayId, 'uxfrm');
    await expectRecovery('uxfrm', stream);
  });
});

describe('the IDC device', () => {
  it('is restarted in order: the tunnel reconnects by itself', async () => {
    const { idc, peer, cloudRanges } = built.tunnel;
    await idc.charon.stop();
    try {
      await world.cloud.waitUntilDown(built.tunnel.connectionId, 2000);
    } finally {
      await idc.restartCharon([peer], cloudRanges);
    }
    await world.cloud.waitUntilConnected(built.tunnel.connectionId, 60_000);
    await waitForReply(built.vpc1.hostA, idc.host);
  });

  it('dies without a word: dead peer detection tells, and the tunnel reconnects by itself', async () => {
    const { idc, peer, cloudRanges } = built.tunnel;
    const { connectionId } = built.tunnel;
    await world.cloud.modifyVpnConnection(connectionId, { DpdEnable: 1, DpdTimeout: '30', DpdAction: 'restart' });
    await world.cloud.waitUntilConnected(connectionId, 60_000);
    await waitForReply(built.vpc1.hostA, idc.host);
    await idc.charon.kill();
    try {
      await world.cloud.waitUntilDown(connectionId, 75_000);
      const { LastError } = await world.cloud.tunnelStatus(connectionId);
      expect(LastError).toMatch(/stopped answering|Peer silent/);
    } finally {
      await idc.restartCharon([peer], cloudRanges);
    }
    await world.cloud.waitUntilConnected(connectionId, 60_000);
    await waitForReply(built.vpc1.hostA, idc.host);
  });
});

it('nothing inner went by in clear on the internet in all of this', async () => {
  const wire = await capture.stop();
  expect(wire).toMatchObject({ inner: [], sawCanary: false });
  expect(wire.encrypted).toBeGreaterThan(100);
});

async function expectRecovery(program: 'charon' | 'uxfrm', stream: PacketStream): Promise<void> {
  const { gatewayId } = built.vpc1.gateway;
  await poll(
    `${program} runs again`,
    () => gatewayProcess(gatewayId, program),
    (pid) => pid !== undefined,
    { within: 30_000 },
  );
  await world.cloud.waitUntilConnected(built.tunnel.connectionId, 60_000);
  await stream.waitForMore(100, 60_000);
  const report = await stream.stop();
  process.stdout.write(`${program} killed: ${report.lost} packets lost, longest gap ${report.longestGapMs} ms\n`);
}

/** What a load balancer and Prometheus hear, within the second for which answers are kept. */
async function expectWatched(expected: { readonly ready: number; readonly connected: number }): Promise<void> {
  await poll(
    `health and metrics tell ${JSON.stringify(expected)}`,
    async () => {
      const [ready, page] = await Promise.all(
        ['/health/ready', '/metrics'].map((path) => fetch(new URL(path, watched))),
      );
      const connected = /^landbridge_agent_connected (\d)$/m.exec(await page!.text())?.[1];
      return { ready: ready!.status, connected: Number(connected) };
    },
    (told) => told.ready === expected.ready && told.connected === expected.connected,
    { within: 10_000 },
  );
  expect((await fetch(new URL('/health', watched))).status).toBe(200);
}

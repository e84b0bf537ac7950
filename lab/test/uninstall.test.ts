import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Cloud } from '../src/cloud.ts';
import { connectIdc } from '../src/idc-connection.ts';
import { InstalledMachine } from '../src/installed-machine.ts';
import { Lab } from '../src/lab.ts';
import { waitForReply } from '../src/reach.ts';
import { prepareUplink, uplinkConfiguration } from '../src/uplink.ts';
import { sweepInsideHost } from '../src/sweep.ts';

// A host without the package: the service is installed, carries packets, and is taken off again, so that the host is what it was.

const configuration = { uplink: uplinkConfiguration('routed'), user: 'lb-uninstall', rateLimits: { default: 1000 } };
const configurationFile = '/etc/landbridge/landbridge.json';

let lab: Lab;
let machine: InstalledMachine;

beforeEach(async () => {
  await sweepInsideHost();
  lab = await Lab.start();
  await lab.internet.attach(lab.host, 'uplink', null);
  await prepareUplink(lab.host, 'routed');
  machine = await InstalledMachine.start(lab.host, lab.directory);
});

afterEach(async () => {
  await machine[Symbol.asyncDispose]();
  await lab.stop();
  await sweepInsideHost();
});

describe('uninstall', () => {
  it('gives the host back what it was, tells peers, and keeps what is stored unless it is asked not to', async () => {
    const host = await lab.createVpcHost({ name: 'VPC-1 A', label: 'vpc1-a', subnetPrefix: '10.0.1' });
    const idc = await lab.createIdc(1);
    const before = await machine.inventory();
    expect(before.filter((line) => /^(file|sysctl|process|daemon|namespace).*(landbridge|lb-)/.test(line))).toEqual([]);

    await machine.install(configuration);
    const { gatewayId } = await carryPackets();
    expect(await machine.inventory()).toEqual(
      expect.arrayContaining([`namespace lb-${gatewayId}`, 'sysctl net.ipv4.neigh.uplink.proxy_delay = 0']) as string[],
    );

    // While it runs nobody takes it away.
    expect(await machine.command('uninstall', '--yes')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/another landbridge serves/) as string,
    });
    await waitForReply(host, idc.host);
    await machine.end();
    await waitForReply(host, idc.host);

    const dry = await machine.command('uninstall');
    expect(dry.stdout).toMatch(
      new RegExp(`Would be removed:[^]*${gatewayId}[^]*proxy_delay = 80[^]*with --data only[^]*Nothing was done`),
    );
    await waitForReply(host, idc.host);

    const done = await machine.command('uninstall', '--yes');
    expect(done).toMatchObject({ code: 0, stderr: '' });
    expect(await idc.charon.listSas()).not.toContain('ESTABLISHED');
    const kept = await machine.inventory();
    const isKept = (line: string) => /^file (\/etc|\/var\/lib)\/landbridge|^passwd lb-uninstall:/.test(line);
    expect(kept.filter((line) => !isKept(line))).toEqual(before);
    expect(kept.filter(isKept).length).toBeGreaterThan(5);

    // It comes back as it was, with the same database; and then goes with everything but what is not its own.
    await machine.install(configuration);
    await machine.serve();
    await waitForReply(host, idc.host, 60_000);
    await machine.run(['cp', configurationFile, '/var/lib/landbridge/monday.age']);
    await machine.end();
    const gone = await machine.command('uninstall', '--data', '--yes');
    expect(gone).toMatchObject({ code: 0, stderr: '' });
    expect(gone.stdout).toMatch(/It stays:\n {2}\/var\/lib\/landbridge\/monday\.age/);
    await machine.run(['rm', '-r', '/var/lib/landbridge']);
    expect(await machine.inventory()).toEqual(before);

    async function carryPackets() {
      const cloud = new Cloud(await machine.serve());
      const { vpcId, routeTableId } = await cloud.createVpc('vpc1', '10.0.0.0/16');
      await cloud.createSubnet(vpcId, 'A', '10.0.1.0/24', lab.cable('vpc1-a'));
      const gateway = await cloud.createVpnGateway(vpcId, 'vpc1-gateway', 100);
      const tunnel = await connectIdc(
        { lab, cloud, progress: () => undefined },
        { gateway, vpcId, idc, cloudRanges: ['10.0.0.0/16'] },
      );
      await cloud.createGatewayRoute(gateway.gatewayId, idc.lan, tunnel.connectionId);
      await cloud.createVpcRoute(routeTableId, idc.lan, gateway.gatewayId);
      await cloud.waitUntilConnected(tunnel.connectionId);
      await waitForReply(host, idc.host);
      return gateway;
    }
  });

  it('of one that never ran, or was cut short, takes what is left', async () => {
    const before = await machine.inventory();
    await machine.install(configuration);
    const cloud = new Cloud(await machine.serve());
    const { vpcId } = await cloud.createVpc('vpc1', '10.0.0.0/16');
    const { gatewayId } = await cloud.createVpnGateway(vpcId, 'vpc1-gateway', 100);
    await cloud.waitUntilApplied(gatewayId);
    await machine.end();
    // Somebody has begun by hand: files of gateways are gone, their daemons run on; a setting is somebody else's by now.
    await machine.run(['rm', '-r', '/var/lib/landbridge', '/var/cache/landbridge']);
    await machine.run(['sysctl', '-q', 'net.ipv4.neigh.uplink.proxy_delay=20']);
    const done = await machine.command('uninstall', '--data', '--yes');
    expect(done).toMatchObject({ code: 0, stderr: '' });
    expect(done.stdout).toMatch(
      /Somebody changed these since, so that they stay:\n {2}net\.ipv4\.neigh\.uplink\.proxy_delay = 20/,
    );
    await machine.run(['sysctl', '-q', 'net.ipv4.neigh.uplink.proxy_delay=80']);
    expect(await machine.inventory()).toEqual(before);

    await machine.install(configuration);
    expect(await machine.command('uninstall', '--data', '--yes')).toMatchObject({ code: 0, stderr: '' });
    expect(await machine.inventory()).toEqual(before);
  });
});
